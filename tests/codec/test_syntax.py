"""What is said about files that cannot be read."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11kit.codec._encoding import decode_fault
from s11kit.codec._guards import depth_and_size, dotted_depth
from s11kit.codec._syntax import SLUGS, SyntaxFault, depth_fault
from s11kit.codec._syntax_json import json_duplicate, json_fault
from s11kit.codec._syntax_toml import toml_fault

# text, offset, what the carets point at, slug, message, hint
BROKEN_TOML: list[tuple[str, int, str, str, str, str | None]] = [
    (
        "a = “x”",
        4,
        "“",
        "toml-syntax",
        "the quote “ cannot be used here",
        'type the straight quote " instead; Word and Outlook change it to a curly one',
    ),
    (
        'a = "x”',
        6,
        "”",
        "toml-syntax",
        "the quote ” cannot be used here",
        'type the straight quote " instead; Word and Outlook change it to a curly one',
    ),
    (
        "a = [“x”]",
        5,
        "“",
        "toml-syntax",
        "the quote “ cannot be used here",
        'type the straight quote " instead; Word and Outlook change it to a curly one',
    ),
    (
        "\u2018a’ = 1",
        0,
        "\u2018",
        "toml-syntax",
        "the quote \u2018 cannot be used here",
        "type the straight quote ' instead; Word and Outlook change it to a curly one",
    ),
    (
        "[answer.“1.1”]",
        8,
        "“",
        "toml-syntax",
        "the quote “ cannot be used here",
        'type the straight quote " instead; Word and Outlook change it to a curly one',
    ),
    ("a = True", 4, "True", "toml-syntax", "the word True has to be written in small letters", "write true"),
    ("a = FALSE", 4, "FALSE", "toml-syntax", "the word FALSE has to be written in small letters", "write false"),
    ("a = Yes", 4, "Yes", "toml-syntax", "the word Yes needs quotes", 'write true, or "Yes" if it is meant as text'),
    ("a = no", 4, "no", "toml-syntax", "the word no needs quotes", 'write false, or "no" if it is meant as text'),
    ('a = {b = "x", c = Y}', 18, "Y", "toml-syntax", "the word Y needs quotes", 'write true, or "Y" if it is meant as text'),
    ("a = N/A", 4, "N/A", "toml-syntax", "the word N/A needs quotes", 'delete the line if there is nothing to say, or write "N/A"'),
    ("a = None", 4, "None", "toml-syntax", "the word None needs quotes", 'delete the line if there is nothing to say, or write "None"'),
    ("a = hello there", 4, "hello there", "toml-syntax", "this text has no quotes around it", 'write "hello there"'),
    ("a = true story", 4, "true story", "toml-syntax", "this text has no quotes around it", 'write "true story"'),
    ("a = nothing to report # note", 4, "nothing to report", "toml-syntax", "this text has no quotes around it", 'write "nothing to report"'),
    ("a = Board’s “plan”", 4, "Board’s “plan”", "toml-syntax", "this text has no quotes around it", 'write "Board’s “plan”"'),
    ('a = he said "yes"', 4, 'he said "yes"', "toml-syntax", "this text has no quotes around it", "write 'he said \"yes\"'"),
    ("areas = [norfolk, suffolk]", 9, "norfolk", "toml-syntax", "this text has no quotes around it", 'write "norfolk"'),
    ("a = 31/03/2026", 4, "31/03/2026", "toml-syntax", "the date 31/03/2026 is not written as it has to be", "write 2026-03-31"),
    (
        "a = 03/04/2026",
        4,
        "03/04/2026",
        "toml-syntax",
        "the date 03/04/2026 could be two days",
        "write 2026-04-03 for 3 April, 2026-03-04 for 4 March",
    ),
    (
        "a = [1.3.2026]",
        5,
        "1.3.2026",
        "toml-syntax",
        "the date 1.3.2026 could be two days",
        "write 2026-03-01 for 1 March, 2026-01-03 for 3 January",
    ),
    ("a = 04.04.2026", 4, "04.04.2026", "toml-syntax", "the date 04.04.2026 is not written as it has to be", "write 2026-04-04"),
    (
        "a = 31/02/2026",
        4,
        "31/02/2026",
        "toml-syntax",
        "the date 31/02/2026 is not written as it has to be",
        "write dates as year-month-day without quotes, such as 2026-03-31",
    ),
    ("a = [31-3-2026]", 5, "31-3-2026", "toml-syntax", "the date 31-3-2026 is not written as it has to be", "write 2026-03-31"),
    (
        "a = 12/13/2026",
        4,
        "12/13/2026",
        "toml-syntax",
        "the date 12/13/2026 is not written as it has to be",
        "write dates as year-month-day without quotes, such as 2026-03-31",
    ),
    (
        "a = 31/03/26",
        4,
        "31/03/26",
        "toml-syntax",
        "the date 31/03/26 has a year of two digits",
        "write the year in full, as year-month-day, such as 2026-03-31",
    ),
    (
        "a = 1.2.10",
        4,
        "1.2.10",
        "toml-syntax",
        "the date 1.2.10 has a year of two digits",
        'write the year in full, as year-month-day, such as 2026-03-31, or "1.2.10" if it is no date',
    ),
    ("a = 2026/03/31", 4, "2026/03/31", "toml-syntax", "the date 2026/03/31 is not written as it has to be", "write 2026-03-31"),
    ("a = 2026-3-1", 4, "2026-3-1", "toml-syntax", "the date 2026-3-1 is not written as it has to be", "write 2026-03-01"),
    ("a = 1st March 2026", 4, "1st March 2026", "toml-syntax", "the date 1st March 2026 is not written as it has to be", "write 2026-03-01"),
    (
        "a = 2026-02-30",
        4,
        "2026-02-30",
        "toml-syntax",
        "there is no date 2026-02-30",
        "check the day and the month; dates are written year-month-day",
    ),
    (
        "a = 2026-13-01",
        4,
        "2026-13-01",
        "toml-syntax",
        "there is no date 2026-13-01",
        "check the day and the month; dates are written year-month-day",
    ),
    (
        "a = 2026-03",
        4,
        "2026-03",
        "toml-syntax",
        "the date 2026-03 is not written as it has to be",
        "write dates as year-month-day without quotes, such as 2026-03-31",
    ),
    (
        "a = 2026-03-31 9:30",
        4,
        "2026-03-31 9:30",
        "toml-syntax",
        "the time after this date is not written as it has to be",
        "write 2026-03-31T09:30:00",
    ),
    (
        "a = 2026-03-31T9pm",
        4,
        "2026-03-31T9pm",
        "toml-syntax",
        "the time after this date is not written as it has to be",
        "write 2026-03-31T21:00:00",
    ),
    ("a = 9:30", 4, "9:30", "toml-syntax", "the time 9:30 is not written as it has to be", "write 09:30:00 (hours, minutes and seconds)"),
    ("a = 9.30pm", 4, "9.30pm", "toml-syntax", "the time 9.30pm is not written as it has to be", "write 21:30:00 (hours, minutes and seconds)"),
    ("a = 12am", 4, "12am", "toml-syntax", "the time 12am is not written as it has to be", "write 00:00:00 (hours, minutes and seconds)"),
    ("a = 24:00", 4, "24:00", "toml-syntax", "there is no time 24:00", "write hours, minutes and seconds, such as 09:30:00"),
    ("a = 01", 4, "01", "toml-syntax", "a number cannot begin with 0", 'write 1, or "01" if it is a code or a telephone number'),
    (
        "a = 01223 123456",
        4,
        "01223 123456",
        "toml-syntax",
        "a number cannot begin with 0",
        'write 1223123456, or "01223 123456" if it is a code or a telephone number',
    ),
    ("a = -007", 4, "-007", "toml-syntax", "a number cannot begin with 0", 'write -7, or "-007" if it is a code or a telephone number'),
    ("a = 1,000", 4, "1,000", "toml-syntax", "a number has no commas in it", "write 1000"),
    ("a = 50%", 4, "50%", "toml-syntax", "a number stands alone, without £ or %", 'write 50, or "50%" if it is meant as text'),
    ("a = £1,250", 4, "£1,250", "toml-syntax", "a number stands alone, without £ or %", 'write 1250, or "£1,250" if it is meant as text'),
    ("a = –5", 4, "–5", "toml-syntax", "the long dash – cannot be used here", "write -5"),
    ("a = 1.2.3", 4, "1.2.3", "toml-syntax", "1.2.3 is not a number", 'write "1.2.3"'),
    ("a = .5", 4, ".5", "toml-syntax", "a number needs a digit on both sides of its point", "write 0.5"),
    ("a = 5.", 4, "5.", "toml-syntax", "a number needs a digit on both sides of its point", "write 5.0"),
    ("a == 1", 3, "=", "toml-syntax", "there is one = too many here", "write key = value with one ="),
    ("a =", 0, "a =", "toml-syntax", "this key has no value", 'write the value after =, such as key = "text", or delete the key'),
    ("a = # later", 0, "a =", "toml-syntax", "this key has no value", 'write the value after =, such as key = "text", or delete the key'),
    ("a = {b = }", 5, "b =", "toml-syntax", "this key has no value", 'write the value after =, such as key = "text", or delete the key'),
    ('a = "C:\\Users"', 7, "\\U", "toml-syntax", "a backslash in double quotes does not stand for itself", "use single quotes: 'C:\\Users'"),
    ('a = "C:\\it\'s"', 7, "\\i", "toml-syntax", "a backslash in double quotes does not stand for itself", "write each backslash twice: \\\\"),
    ('a = "C:\\"', 7, '\\"', "toml-syntax", "a backslash in double quotes does not stand for itself", "use single quotes: 'C:\\'"),
    (
        'a = "he said "yes" to it"',
        13,
        '"',
        "toml-syntax",
        'the text ends here, because of a " inside it',
        'put single quotes around the whole text, or write \\" for each double quote inside it',
    ),
    ("a = 'don't'", 8, "'", "toml-syntax", "the text ends here, because of a ' inside it", "put double quotes around the whole text"),
    (
        'a = ["he said "yes""]',
        14,
        '"',
        "toml-syntax",
        'the text ends here, because of a " inside it',
        'put single quotes around the whole text, or write \\" for each double quote inside it',
    ),
    (
        'a = "x',
        4,
        '"x',
        "toml-syntax",
        "this text has no closing quote on its line",
        'put " at its end; a text of several lines needs three quotes before it and three after it',
    ),
    (
        'a = "x" "y"',
        8,
        '"y"',
        "toml-syntax",
        "there is more than one value here",
        "put [ before a list and ] after it, and a comma between its items",
    ),
    (
        'a = "x", "y"',
        7,
        ', "y"',
        "toml-syntax",
        "there is more than one value here",
        "put [ before a list and ] after it, and a comma between its items",
    ),
    ('a = "x" b', 8, "b", "toml-syntax", "this stands after the end of the value", "put # before it if it is a note"),
    ("a = 1;", 5, ";", "toml-syntax", "there is a semicolon at the end of the line", "delete it; a line needs no sign at its end"),
    ('a = "x",', 7, ",", "toml-syntax", "there is a comma at the end of the line", "delete it; a line needs no sign at its end"),
    ("a = 1 // x", 6, "// x", "toml-syntax", "this is not how a note begins", "put # before the note"),
    ("a = 1 b = 2", 6, "b = 2", "toml-syntax", "there are two keys on this line", "put each key on a line of its own"),
    ("a = [1]]", 7, "]", "toml-syntax", "this ] closes nothing", "delete it, or open the bracket before it"),
    ("a 1", 0, "a 1", "toml-syntax", "there is no = on this line", 'write key = "text", or put # before the line if it is a note'),
    ("a: 1", 1, ":", "toml-syntax", "a colon stands where = is needed", "write a = and then the value"),
    ("a = {b: 1}", 6, ":", "toml-syntax", "a colon stands where = is needed", "write b = and then the value"),
    (
        "my key = 1",
        0,
        "my key",
        "toml-syntax",
        "the key my key needs quotes, because of a blank or a sign in it",
        'write "my key" = and then the value',
    ),
    ("clé = 1", 0, "clé", "toml-syntax", "the key clé needs quotes, because of a blank or a sign in it", 'write "clé" = and then the value'),
    ("é = 1", 0, "é", "toml-syntax", "the key é needs quotes, because of the letter é", 'write "é" = and then the value'),
    ("just a note", 0, "just a note", "toml-syntax", "there is no = on this line", 'write key = "text", or put # before the line if it is a note'),
    ('"a" "b"', 0, '"a" "b"', "toml-syntax", "there is no = on this line", 'write key = "text", or put # before the line if it is a note'),
    ("answer.1.1]", 0, "answer.1.1]", "toml-syntax", "this heading has no opening [", "put [ before it"),
    ("a – b = 1", 2, "–", "toml-syntax", "the long dash – cannot be used here", "type the hyphen - of the keyboard, or put quotes around it"),
    ("a.=1", 2, "=", "toml-syntax", "the name of a key is missing here", 'write key = "text"'),
    ("= 1", 0, "=", "toml-syntax", "there is no key before =", 'write key = "text"'),
    ("] = 1", 0, "]", "toml-syntax", "this ] closes nothing", "delete it, or open the bracket before it"),
    ("• a point", 0, "•", "toml-syntax", "the sign • cannot begin a line", "put # before the line if it is a note"),
    ("// x", 0, "/", "toml-syntax", "the sign / cannot begin a line", "put # before the line if it is a note"),
    ("? x", 0, "?", "toml-syntax", "the sign ? cannot begin a line", 'a line is a [table], a key = "text", or a note that begins with #'),
    ("[a", 0, "[a", "toml-syntax", "this heading has no closing ]", "put ] at its end"),
    ("[[a]", 0, "[[a]", "toml-syntax", "this heading has no closing ]]", "put ]] at its end"),
    ("[a]]", 3, "]", "toml-syntax", "this heading closes with more brackets than it opens", "write [table], or [[table]] for a row of a list"),
    ("[a] b = 1", 4, "b = 1", "toml-syntax", "nothing may follow a heading on its line", "put it on a line of its own"),
    (
        "[a b]",
        0,
        "[a b]",
        "toml-syntax",
        "this heading has a blank or a sign in a name without quotes",
        'put the name in quotes, such as [answer."1.1"]',
    ),
    ("[]", 0, "[]", "toml-syntax", "a name is missing in this heading", 'write [table] or [table."1.1"]'),
    ("[a.]", 0, "[a.]", "toml-syntax", "a name is missing in this heading", 'write [table] or [table."1.1"]'),
    ("a = [1, 2", 4, "[", "toml-syntax", "the list that opens here is never closed", "put ] after its last item"),
    ("a = [1 2]", 7, "2", "toml-syntax", "a comma is missing between two items of the list", "put a comma before this one"),
    ('a = ["x" "y"]', 9, '"', "toml-syntax", "a comma is missing between two items of the list", "put a comma before this one"),
    ("a = [1,, 2]", 7, ",", "toml-syntax", "there is a comma too many here", "delete it"),
    ("a = [1, 2}", 9, "}", "toml-syntax", "this } should be a ]", "put ] in its place"),
    ("a = {b = 1", 4, "{", "toml-syntax", "the table that opens here is never closed", "put } after its last item"),
    ("a = {b = 1]", 10, "]", "toml-syntax", "this ] should be a }", "put } in its place"),
    ("a = {b = 1, }", 12, "}", "toml-syntax", "there is a comma too many before this }", "delete the comma"),
    ("a = {b = 1 c = 2}", 11, "c", "toml-syntax", "a comma is missing between two keys in the braces", "put a comma before this one"),
    (
        'a = "x\ny"\n',
        4,
        '"x',
        "toml-syntax",
        "this text has no closing quote on its line",
        'put " at its end; a text of several lines needs three quotes before it and three after it',
    ),
    (
        'a = "x\r\ny"\r\n',
        4,
        '"x',
        "toml-syntax",
        "this text has no closing quote on its line",
        'put " at its end; a text of several lines needs three quotes before it and three after it',
    ),
    (
        "a = 'x\nb = 'y'\n",
        4,
        "'x",
        "toml-syntax",
        "this text has no closing quote on its line",
        "put ' at its end; a text of several lines needs three quotes before it and three after it",
    ),
    ('a = """x\ny\n', 4, '"""', "toml-syntax", 'the text that opens with """ here is never closed', 'put """ where the text ends'),
    ("a = '''x\ny\n", 4, "'''", "toml-syntax", "the text that opens with ''' here is never closed", "put ''' where the text ends"),
    (
        'a = """he said """ok""" """',
        17,
        '"',
        "toml-syntax",
        'the text ends here, because of a " inside it',
        "put three single quotes (''') before and after the text in place of the double ones",
    ),
    (
        'a = """C:\\Users"""',
        9,
        "\\U",
        "toml-syntax",
        "a backslash in double quotes does not stand for itself",
        "put three single quotes (''') before and after the text in place of the double ones",
    ),
    ('a = [\n  "x",\nb = 1\n', 4, "[", "toml-syntax", "the list that opens here is never closed", "put ] after its last item"),
    ('a = [\n  "x"\nb = 1\n', 4, "[", "toml-syntax", "the list that opens here is never closed", "put ] after its last item"),
    ('a = [\n  "x",\n\n[b]\nc = 1\n', 4, "[", "toml-syntax", "the list that opens here is never closed", "put ] after its last item"),
    ('a = [\n  "x"\n  "y",\n]\n', 14, '"', "toml-syntax", "a comma is missing between two items of the list", "put a comma before this one"),
    (
        "a = {\n  b = 1 }",
        4,
        "{",
        "toml-syntax",
        "a table in { } must stand on one line",
        "put it all on one line, or write it as a [table] with a line for each key",
    ),
    (
        "a = {b = 1\n}",
        4,
        "{",
        "toml-syntax",
        "a table in { } must stand on one line",
        "put it all on one line, or write it as a [table] with a line for each key",
    ),
    (
        "a = {b = 1, # one\n}",
        4,
        "{",
        "toml-syntax",
        "a table in { } must stand on one line",
        "put it all on one line, or write it as a [table] with a line for each key",
    ),
    ("a = 1\n\tb 2\n", 7, "b 2", "toml-syntax", "there is no = on this line", 'write key = "text", or put # before the line if it is a note'),
    (
        "a\u00a0= 1",
        1,
        "\u00a0",
        "toml-syntax",
        "there is a character here that cannot be seen (no-break space, U+00A0)",
        "delete it and type an ordinary space",
    ),
    ('a = "x"\u200b', 7, "\u200b", "toml-syntax", "there is a character here that cannot be seen (zero width space, U+200B)", "delete it"),
    (
        "a = 1\n\ufeffb = 2\n",
        6,
        "\ufeff",
        "toml-syntax",
        "there is a character here that cannot be seen (zero width no-break space, U+FEFF)",
        "delete it",
    ),
    ("\ufeffa = 1", 0, "\ufeff", "encoding", "the file begins with a byte order mark", "save it as UTF-8 without a byte order mark"),
    ('a = "x\x07"', 6, "\x07", "toml-syntax", "there is a character here that cannot be seen (control character, U+0007)", "delete it"),
    ("# \x01", 2, "\x01", "toml-syntax", "there is a character here that cannot be seen (control character, U+0001)", "delete it"),
    (
        "a = 1\rb = 2\r",
        5,
        "\r",
        "toml-syntax",
        "a line ends in a bare carriage return",
        "save the file again with Windows (CRLF) or Unix (LF) line ends",
    ),
    ('a = "x\ry"', 6, "\r", "toml-syntax", "a line ends in a bare carriage return", "save the file again with Windows (CRLF) or Unix (LF) line ends"),
    (
        "a\x00=\x001\x00",
        0,
        "a",
        "encoding",
        "the file is saved as Unicode (UTF-16), not as UTF-8",
        'save it again as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"',
    ),
    ('{"a": 1}', 0, '{"a": 1}', "toml-syntax", "this is a JSON file, not a TOML file", "give its name the ending .json"),
    ('[\n  {"a": 1}\n]', 0, "[", "toml-syntax", "this is a JSON file, not a TOML file", "give its name the ending .json"),
    (
        '<?xml version="1.0"?>\n<a/>',
        0,
        '<?xml version="1.0"?>',
        "toml-syntax",
        "this is an XML file, not a TOML file",
        "choose the right file; this one has to be plain text",
    ),
    (
        "<!DOCTYPE html>\n",
        0,
        "<!DOCTYPE html>",
        "toml-syntax",
        "this is a web page (HTML), not a TOML file",
        "choose the right file; this one has to be plain text",
    ),
    (
        "{\\rtf1 x",
        0,
        "{\\rtf1 x",
        "toml-syntax",
        "this is a Word file (RTF), not a TOML file",
        "choose the right file; this one has to be plain text",
    ),
    ("%PDF-1.7", 0, "%PDF-1.7", "toml-syntax", "this is a PDF file, not a TOML file", "choose the right file; this one has to be plain text"),
    (
        "PK\x03\x04",
        0,
        "PK\x03\x04",
        "toml-syntax",
        "this is an Excel or Word file, not a TOML file",
        "choose the right file; this one has to be plain text",
    ),
    (
        "<<<<<<< HEAD\na = 1\n=======\n",
        0,
        "<<<<<<< HEAD",
        "toml-syntax",
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "a = 1\n=======\na = 2\n",
        6,
        "=======",
        "toml-syntax",
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "a = 1\n>>>>>>> other\n",
        6,
        ">>>>>>> other",
        "toml-syntax",
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        '[answer."1.1"]\na = 1\n\n[answer."1.1"]\nb = 1\n',
        22,
        '[answer."1.1"]',
        "duplicate",
        'the table [answer."1.1"] is there twice; the first is on line 1',
        "put all keys under one of the two, or correct the name of the other",
    ),
    (
        "[a]\nx = 1\r\n[ a ]\n",
        11,
        "[ a ]",
        "duplicate",
        "the table [ a ] is there twice; the first is on line 1",
        "put all keys under one of the two, or correct the name of the other",
    ),
    (
        "[standard]\nid = 1\n\n[standard]\nid = 2\n",
        19,
        "[standard]",
        "duplicate",
        "the table [standard] is there twice; the first is on line 1",
        "write two brackets, [[standard]], for each of them",
    ),
    (
        "[[standard]]\n[standard.statement]\n[ standard . statement ]\n",
        34,
        "[ standard . statement ]",
        "duplicate",
        "the table [ standard . statement ] is there twice; the first is on line 2",
        "write two brackets, [[standard.statement]], for each of them",
    ),
    (
        '[answer."1.1".action]\n[answer."1.1".action]\n',
        22,
        '[answer."1.1".action]',
        "duplicate",
        'the table [answer."1.1".action] is there twice; the first is on line 1',
        'write two brackets, [[answer."1.1".action]], for each of them',
    ),
    (
        "[standard]\nid = 1\n\n[[standard]]\nid = 2\n",
        19,
        "[[standard]]",
        "duplicate",
        "the name standard is in use already on line 1, so nothing can be put into it here",
        "write two brackets, [[standard]], on line 1 too",
    ),
    (
        "standard = 1\n[[standard]]\n",
        13,
        "[[standard]]",
        "duplicate",
        "the name standard is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
    (
        "[requirements.action]\n[requirements.action]\n",
        22,
        "[requirements.action]",
        "duplicate",
        "the table [requirements.action] is there twice; the first is on line 1",
        "put all keys under one of the two, or correct the name of the other",
    ),
    (
        "[answer.role]\n[answer.role]\n",
        14,
        "[answer.role]",
        "duplicate",
        "the table [answer.role] is there twice; the first is on line 1",
        "put all keys under one of the two, or correct the name of the other",
    ),
    ("[[a]]\n[a]\n", 6, "[a]", "duplicate", "the table [a] is there twice; the first is on line 1", "write [[a]] for another row of the list"),
    ("a = 1\nb = 2\na = 3\n", 12, "a", "duplicate", "the key a is there twice; the first is on line 1", "keep one of the two"),
    ("[[r]]\na = 1\n[[r]]\na = 1\na = [\n2]\n", 24, "a", "duplicate", "the key a is there twice; the first is on line 4", "keep one of the two"),
    ('"a b" = 1\n"a b" = 2\n', 10, '"a b"', "duplicate", 'the key "a b" is there twice; the first is on line 1', "keep one of the two"),
    ("a = {b = 1, b = 2}", 12, "b", "duplicate", "the key b is there twice; the first is on line 1", "keep one of the two"),
    (
        "a = 1\n[a]\n",
        6,
        "[a]",
        "duplicate",
        "the name a is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
    (
        "a = 1\n[a.b]\n",
        6,
        "[a.b]",
        "duplicate",
        "the name a is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
    (
        "a = 1\na.b = 2\n",
        8,
        "b",
        "duplicate",
        "the name a is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
    (
        "a = [1]\n[[a]]\n",
        8,
        "[[a]]",
        "duplicate",
        "the name a is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
    (
        "[a.b]\n[a]\nb.c = 1\n",
        12,
        "c",
        "duplicate",
        "the name a.b is in use already on line 1, so nothing can be put into it here",
        "give one of the two another name, or write this where the first one stands",
    ),
]

BROKEN_JSON: list[tuple[str, int, str, str, str, str | None]] = [
    ('{"a": 1,}', 7, ",", "json-syntax", "there is a comma too many here", "delete the comma"),
    ("[1,]", 2, ",", "json-syntax", "there is a comma too many here", "delete the comma"),
    ("{'a': 1}", 1, "'", "json-syntax", "single quotes cannot be used in JSON", 'use the straight double quote "'),
    ("{a: 1}", 1, "a", "json-syntax", "a key must stand in double quotes", 'write "key": value'),
    ('{"a": True}', 6, "True", "json-syntax", "the word True is not known in JSON", "write true"),
    ('{"a": none}', 6, "none", "json-syntax", "the word none is not known in JSON", "write null"),
    (
        '{"a": “x”}',
        6,
        "“",
        "json-syntax",
        "the quote “ cannot be used here",
        'type the straight quote " instead; Word and Outlook change it to a curly one',
    ),
    ('{"a": yes}', 6, "yes", "json-syntax", "this text has no quotes around it", 'write "yes"'),
    ('{"a": two words}', 6, "two words", "json-syntax", "this text has no quotes around it", 'write "two words"'),
    ('{"a": C:\\Users}', 6, "C", "json-syntax", "this text has no quotes around it", 'put a straight quote " before it and another after it'),
    ('{"a": 31/03/2026}', 6, "31/03/2026", "json-syntax", "this text has no quotes around it", 'write "31/03/2026"'),
    ('{"a": 01}', 6, "01", "json-syntax", "a number cannot begin with 0", 'write 1, or "01" if it is a code or a telephone number'),
    ('{"a": .5}', 6, ".5", "json-syntax", "a number needs a digit on both sides of its point", "write 0.5"),
    ('{"a": 1.2.3}', 6, "1.2.3", "json-syntax", "1.2.3 is not a number", 'write "1.2.3"'),
    ('{"a" 1}', 5, "1", "json-syntax", "there is no colon after this key", 'write "key": value'),
    ('{"a" = 1}', 5, "=", "json-syntax", "there is no colon after this key", 'write "key": value'),
    ('{"a": 1 "b": 2}', 8, '"', "json-syntax", "a comma is missing before this", "put a comma between two items"),
    ("[1 2]", 3, "2", "json-syntax", "a comma is missing before this", "put a comma between two items"),
    ('{"a": 1; "b": 2}', 7, ";", "json-syntax", "a semicolon stands where a comma is needed", "write a comma"),
    ('{"a": }', 4, ":", "json-syntax", "this key has no value", "write the value after the colon"),
    ('{"a": 1,, "b": 2}', 7, ",", "json-syntax", "there is a comma too many here", "delete the comma"),
    ("// x\n{}", 0, "// x", "json-syntax", "a JSON file cannot hold notes", "delete the note"),
    ('{"a": 1 # x\n}', 8, "# x", "json-syntax", "a JSON file cannot hold notes", "delete the note"),
    ("", 0, "", "json-syntax", "the file is empty", "a JSON file holds at least {}"),
    ("  \n", 0, "  ", "json-syntax", "the file is empty", "a JSON file holds at least {}"),
    (
        '{"a": "x\ny"}',
        6,
        '"x',
        "json-syntax",
        "this text has no closing quote on its line",
        'put " at its end; a new line inside a text is written \\n',
    ),
    ('{"a": "x\ty"}', 8, "\t", "json-syntax", "there is a character here that cannot be seen (control character, U+0009)", "delete it"),
    (
        '{"a": "x\x00y"}',
        0,
        "{",
        "encoding",
        "the file is saved as Unicode (UTF-16), not as UTF-8",
        'save it again as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"',
    ),
    ('{"a": "C:\\Users"}', 9, "\\U", "json-syntax", "a backslash in a text does not stand for itself", "write it twice: \\\\"),
    ('{"a": "\\u12"}', 7, "\\u", "json-syntax", "a backslash in a text does not stand for itself", "write it twice: \\\\"),
    ('{"a": "x', 6, '"', "json-syntax", "the text that opens here is never closed", 'put " where it ends'),
    ('{"a": "he "x" "}', 10, '"', "json-syntax", 'the text ends here, because of a " inside it', 'write \\" for each double quote inside it'),
    ('{"a": 1} x', 9, "x", "json-syntax", "this stands after the end of the JSON value", "delete it"),
    ('{"a": ', 6, "", "json-syntax", "the file ends too early: something is not closed", "put the missing ] or } at its end"),
    ("[1,2", 4, "", "json-syntax", "the file ends too early: something is not closed", "put the missing ] or } at its end"),
    ('{"a": 1\n', 8, "", "json-syntax", "the file ends too early: something is not closed", "put the missing ] or } at its end"),
    ("\ufeff{}", 0, "\ufeff", "encoding", "the file begins with a byte order mark", "save it as UTF-8 without a byte order mark"),
    ("a = 1\n", 0, "a = 1", "json-syntax", "this is a TOML file, not a JSON file", "give its name the ending .toml"),
    ("[answer]\n", 0, "[answer]", "json-syntax", "this is a TOML file, not a JSON file", "give its name the ending .toml"),
    ("<html>", 0, "<html>", "json-syntax", "this is a web page (HTML), not a JSON file", "choose the right file; this one has to be plain text"),
    ("<a>", 0, "<a>", "json-syntax", "this is an XML file, not a JSON file", "choose the right file; this one has to be plain text"),
    (
        '{"a":\u00a01}',
        5,
        "\u00a0",
        "json-syntax",
        "there is a character here that cannot be seen (no-break space, U+00A0)",
        "delete it and type an ordinary space",
    ),
    (
        "<<<<<<< HEAD\n{}",
        0,
        "<<<<<<< HEAD",
        "json-syntax",
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    ),
    (
        '{"a": 1\n=======\n}',
        8,
        "=======",
        "json-syntax",
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    ),
    ('{"a": -}', 6, "-", "json-syntax", "this text has no quotes around it", 'write "-"'),
]


def fault_of(text: str, *, is_json: bool = False) -> SyntaxFault:
    """The fault of a broken text; a text that this Python does read skips the test."""
    try:
        json.loads(text) if is_json else tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        if is_json:
            assert isinstance(error, (ValueError, RecursionError))
            return json_fault(text, error)
        return toml_fault(text, error)
    pytest.skip("this Python reads a newer TOML")


@pytest.mark.parametrize(("text", "offset", "at", "slug", "message", "hint"), BROKEN_TOML)
def test_broken_toml_is_explained(text: str, offset: int, at: str, slug: str, message: str, hint: str | None) -> None:
    """Each usual slip in a TOML file is named, with its place and what to type instead."""
    assert SyntaxFault(offset, len(at), slug, message, hint) == fault_of(text)
    assert at == text[offset : offset + len(at)]


@pytest.mark.parametrize(("text", "offset", "at", "slug", "message", "hint"), BROKEN_JSON)
def test_broken_json_is_explained(text: str, offset: int, at: str, slug: str, message: str, hint: str | None) -> None:
    """Each usual slip in a JSON file is named, with its place and what to type instead."""
    assert SyntaxFault(offset, len(at), slug, message, hint) == fault_of(text, is_json=True)
    assert at == text[offset : offset + len(at)]


@pytest.mark.parametrize(
    ("text", "offset", "length"),
    [(text, offset, len(at)) for text, offset, at, slug, message, _ in BROKEN_TOML if slug != "encoding" and ", not a TOML" not in message],
)
def test_places_are_right_below_windows_lines(text: str, offset: int, length: int) -> None:
    """Lines above the fault that end in CRLF do not shift it."""
    above = 'above = """\r\nx\r\n"""\r\n'
    fault = fault_of(above + text)
    assert (len(above) + offset, length) == (fault.offset, fault.length)


def test_the_line_of_the_first_one_is_said() -> None:
    """A table that is there twice is reported with the line of the first one, in CRLF files too."""
    text = '# one\r\n\r\n[answer."1.1"]\r\ngrade = "met"\r\n[answer.\'1.1\']\r\n'
    fault = fault_of(text)
    assert fault.message == "the table [answer.'1.1'] is there twice; the first is on line 3"
    assert text[fault.offset :] == "[answer.'1.1']\r\n"


def test_long_texts_are_not_repeated() -> None:
    """A long text without quotes is not said back in the hint, nor a long key."""
    assert fault_of("a = " + "word " * 100).hint == 'put a straight quote " before it and another after it'
    assert len(fault_of("two words" * 100 + " = 1").message) < 150


def test_numbers_too_long_are_reported() -> None:
    """A number Python refuses to read is pointed at, behind notes and texts with digits in them."""
    expected = "number-too-long", "this number is too long to be read", "put it in quotes if it is a code"
    digits = "1" * 5000
    text = f'a = "{digits}" # {digits}\nb = {digits}\n'
    assert SyntaxFault(text.rindex("1" * 5000), 5000, *expected) == fault_of(text)
    assert SyntaxFault(6, 5000, *expected) == fault_of(f'{{"a": {digits}}}', is_json=True)
    assert SyntaxFault(4, 22, *expected) == fault_of("a = 1e99999999999999999999")


def test_the_reason_of_another_parser_is_no_matter() -> None:
    """A number that cannot be found is reported at the beginning."""
    assert SyntaxFault(0, 1, "number-too-long", "this number is too long to be read", "put it in quotes if it is a code") == toml_fault(
        "a = 1", ValueError()
    )


def test_nesting_too_deep_is_reported() -> None:
    """Python 3.11 gives up on some hundreds of brackets with a `RecursionError`; the sixty-fifth is pointed at."""
    assert depth_fault(4 + 64) == toml_fault("a = " + "[" * 3000, RecursionError())
    assert depth_fault(64) == json_fault("[" * 3000, RecursionError())
    assert depth_fault(0) == toml_fault("a = 1", RecursionError())
    assert depth_fault(0).slug == "too-deep"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, -1, 0)),
        ("a = [[1], [2, {b = 1}]] # [[[[", (3, -1, 4)),
        ("[a]\n[[b]]\n", (2, -1, 3)),
        ('a = "[\\"["\nb = \'[\\\'\nc = """[\n"" ["""\nd = \'\'\'[ \'\' [\'\'\'', (0, -1, 0)),
        ('a = "[[\nb = [', (1, -1, 1)),
        ('a = """[[\nb = [', (0, -1, 0)),
        ("]]]][", (0, -1, 1)),
        ("[" * 64 + "]" * 64 + "[" * 65, (65, 64 * 3, 129)),
    ],
)
def test_brackets_are_counted(text: str, expected: tuple[int, int, int]) -> None:
    """Brackets count outside texts and notes: how deep they go, where they pass 64, and how many there are."""
    assert expected == depth_and_size(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"a": [1, "[\\"[", \'[\'], "b": {}}', (3, -1, 4)), ('# [ "\n[[', (1, -1, 1)), ("[" * 70, (70, 64, 70))],
)
def test_brackets_are_counted_in_json(text: str, expected: tuple[int, int, int]) -> None:
    """JSON has no notes and no single quotes, so these hide no bracket."""
    assert expected == depth_and_size(text, is_json=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, -1)),
        ("a = 1", (1, -1)),
        ("[a.'b.c'.\"d.e\"]\nf . g = 1.5", (5, -1)),
        ("[a.b]\n[c]\nd = 1", (2, -1)),
        ("a.b = [{c.d = [{e = 'x'}]}]", (7, -1)),
        ("# a.b.c.d\na = '''\nb.c.d.e.f\n'''", (1, -1)),
        ("a = 'b.c.d'\n[e.f]\ng = true", (3, -1)),
        ("x = 1\n" + "a." * 70 + "b = 1", (71, 6)),
        ("[" + "a." * 40 + "b]\n" + "c." * 40 + "d = 1", (82, 84)),
    ],
)
def test_keys_are_counted(text: str, expected: tuple[int, int]) -> None:
    """The parts of a header, of a key and of the keys in braces add up to the length of a path."""
    assert expected == dotted_depth(text)


GARBAGE = st.text(st.sampled_from(list("[]{}=,.#\"'\\\n\r\t :;-–“”\u00a0\ufeff\x00aZ019_éTt/")), max_size=30)


@given(parts=st.lists(GARBAGE | st.sampled_from([row[0] for row in BROKEN_TOML + BROKEN_JSON]), max_size=4))
def test_any_text_has_an_explanation(parts: list[str]) -> None:
    """Whatever a text holds, its fault lies inside it, on one line, with a slug that is known."""
    text = "".join(parts)
    faults: list[SyntaxFault] = []
    try:
        tomllib.loads(text)
    except ValueError as error:
        faults.append(toml_fault(text, error))
    try:
        json.loads(text)
    except ValueError as error:
        faults.append(json_fault(text, error))
    else:
        faults += filter(None, [json_duplicate(text)])
    for fault in faults:
        assert fault.slug in SLUGS
        assert 0 <= fault.offset <= fault.offset + fault.length <= len(text)
        assert "\n" not in text[fault.offset : fault.offset + fault.length][1:]
        assert fault.message[0] == fault.message[0].lower()
    assert depth_and_size(text)[0] >= 0
    assert dotted_depth(text)[0] >= 0


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["[", "[]", '"', '"""', '"""\\', "'", "'''", '"\\"', "a.", "a\n", "#\n", "[a\n", "{=", " ", "''''"])
def test_guards_take_linear_time(unit: str) -> None:
    """Eight times the text takes about eight times as long, whatever it is made of."""
    times: list[float] = []
    for size in (2**15, 2**18):
        text = unit * (size // len(unit))
        runs: list[float] = []
        for _ in range(3):
            start = perf_counter()
            depth_and_size(text)
            depth_and_size(text, is_json=True)
            dotted_depth(text)
            runs.append(perf_counter() - start)
        times.append(min(runs))
    assert times[1] < 40 * max(times[0], 0.0005)


def test_a_json_key_that_is_there_twice_is_reported() -> None:
    """The second of two equal keys is pointed at, and the line of the first is said."""
    text = '{\n"a b": 1,\n"a b": 2}'
    assert SyntaxFault(12, 5, "duplicate", 'the key "a b" is there twice; the first is on line 2', "keep one of the two") == json_duplicate(text)
    assert json_duplicate('[{"a": 1}, {"a": 2}]') is None


UTF_8 = 'save the file as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"; in Excel "CSV UTF-8"'
UTF_16 = (
    "the file is saved as Unicode (UTF-16), not as UTF-8",
    'save it again as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"',
)
WRONG_FILE = "choose the right file; this one has to be plain text"


@pytest.mark.parametrize(
    ("raw", "offset", "message", "hint"),
    [
        ("a = 'Board’s'".encode("cp1252"), 10, "this character is not UTF-8 (byte 0x92, ’ in Windows-1252)", UTF_8),
        ("é = 'é'".encode() + "é".encode("cp1252"), 7, "this character is not UTF-8 (byte 0xE9, é in Windows-1252)", UTF_8),
        (b"\xef\xbb\xbfa = \x9d", 5, "this character is not UTF-8 (byte 0x9D)", UTF_8),
        ("a = 'é'".encode("utf-16"), 0, *UTF_16),
        ("a = 'é'".encode("utf-16-le"), 0, *UTF_16),
        (b"PK\x03\x04\xff", 0, "this is an Excel or Word file, not a text file", WRONG_FILE),
        (b"\xd0\xcf\x11\xe0\xa1", 0, "this is an old Excel or Word file (.xls, .doc), not a text file", WRONG_FILE),
        (b"%PDF-1.7\xff", 0, "this is a PDF file, not a text file", WRONG_FILE),
        (b"\x89PNG", 0, "this is a picture, not a text file", WRONG_FILE),
        (b"\x1f\x8b", 0, "this is a compressed file, not a text file", WRONG_FILE),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_a_wrong_encoding_is_explained(raw: bytes, offset: int, message: str, hint: str, codec: str) -> None:
    """A file that is not UTF-8 is reported at its first wrong character, with how to save it."""
    with pytest.raises(UnicodeDecodeError) as caught:
        raw.decode(codec)
    assert SyntaxFault(offset, 1, "encoding", message, hint) == decode_fault(raw, caught.value)


LISTS = "standard statement scale board role dimension source definition decision sign_off action_field reference_set criterion action remove change"


@pytest.mark.parametrize("name", LISTS.split())
def test_the_advice_for_a_list_of_tables_is_sound(name: str) -> None:
    """Who obeys the hint for a heading that is there twice has a file that can be read, with both tables in it."""
    text = f"[{name}]\nid = 1\n[{name}]\nid = 2\n"
    assert fault_of(text).hint == f"write two brackets, [[{name}]], for each of them"
    obeyed = text.replace(f"[{name}]", f"[[{name}]]")
    assert {name: [{"id": 1}, {"id": 2}]} == tomllib.loads(obeyed)
