"""The text of a new framework or overlay: valid as it is, with notes on what to fill in."""

from __future__ import annotations

import textwrap
from typing import Any

from s11kit.cli.printing import safe
from s11kit.codec import toml_text

WIDTH = 110


def line(key: str, value: Any) -> str:
    """One key with its value, as TOML."""
    return toml_text({key: value}).rstrip("\n")


def note(text: str, indent: str = "", hanging: str = "") -> str:
    """A text as TOML comments, wrapped; `hanging` comes before every line but the first."""
    wrap = textwrap.TextWrapper(WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"# {indent}{hanging}", break_long_words=False)
    return "\n".join(part for whole in safe(text).split("\n") for part in wrap.wrap(whole) or ["#"])


def framework_text(id: str, edition: str, title: str) -> str:
    """A new framework."""
    head = "\n".join(line(key, value) for key, value in (("format", "s11kit.framework/1"), ("id", id), ("edition", edition), ("title", title)))
    return _FRAMEWORK.replace("{folder}", f"{id}/{edition}").replace("{head}", head)


def overlay_text(id: str, edition: str, title: str | None, base: str) -> str:
    """A new overlay on another framework."""
    keys = [("format", "s11kit.framework/1"), ("id", id), ("edition", edition), ("extends", base)]
    head = "\n".join(line(key, value) for key, value in keys)
    named = line("title", title) if title else '# title = "..."            # without one, the title of the base'
    return _OVERLAY.replace("{folder}", f"{id}/{edition}").replace("{base}", base).replace("{head}", f"{head}\n{named}")


_FRAMEWORK = """\
# A new framework. It is valid as it is: check it with 's11kit check', look at it with 's11kit show'.
# Put it into a folder {folder}/ as framework.toml, and tell s11kit of the folder around that with --frameworks.
# Lines that begin with # are notes, or keys to uncomment. Every key is explained in docs/reference/framework-file.md.

{head}
status  = "draft"                       # "live" once organisations answer it
duties  = ["children-act-2004-s11"]

# How you know what stands here: "documented" (a published source says so), "inferred" or "reconstructed" (your own best idea).
# It holds for everything below that does not say otherwise; "wording" marks the words alone.
provenance = "reconstructed"

# How many the board is known to have; leave out what is not known.
# documented_count = { standards = 8, statements = 46 }

# What an organisation may say of itself. What is declared here is checked in every assessment.
# [areas]
# north = "North"

# [cycle]
# pattern = "two-yearly"                # annual, two-yearly, twice-yearly, alternating, rolling, live, once
# period  = "2026/28"
# due     = 2026-09-30

# [[board]]
# id   = "our-board"
# name = "Our Safeguarding Children Partnership"

# [[source]]
# id    = "guidance-2026"
# title = "Guidance for organisations"
# url   = "https://..."

# [[sign_off]]
# role = "Chief executive"

# --- Grades ---------------------------------------------------------------------------------------

# "order" says which way round the grades are listed. Codes are labels, never numbers to calculate with.
[[scale]]
id     = "rag"
order  = "worst-first"
grades = [
  { id = "not-met", code = "1", label = "Not met", colour = "red" },
  { id = "partly-met", code = "2", label = "Partly met", colour = "amber" },
  { id = "fully-met", code = "3", label = "Fully met", colour = "green" },
]
not_applicable = { code = "N/A", needs = ["reason"] }

# --- What a grade asks for ------------------------------------------------------------------------

[requirements]
evidence = { at = ["partly-met", "fully-met"], needs = ["narrative"], invites = ["impact"] }
action   = { at = ["not-met", "partly-met"], needs = ["action", "lead", "due"] }

# The columns of the action plan. Without any they are action, lead, due and status.
# [[action_field]]
# id    = "lead"
# label = "Lead person"
# kind  = "person"                      # text, person, date, timescale, status

# --- Standards and statements ---------------------------------------------------------------------

[[standard]]
ref   = "1"
title = "Senior management commitment"

[[standard.statement]]
ref  = "1.1"
text = "A named senior person is responsible for safeguarding."
# help = "..."
# applies_when = { areas = ["north"] }
# [standard.statement.descriptors]
# not-met   = "Nobody is named."
# fully-met = "One person is named in writing, and staff can say who it is."

# [[standard.statement]]
# ref  = "1.2"
# text = "..."

# [[standard]]
# ref   = "2"
# title = "..."

# --- Slips and gaps in the source, and what this file does about them -----------------------------

# [[decision]]
# about   = "..."
# found   = "..."
# decided = "..."
"""

_OVERLAY = """\
# A framework on top of another: everything in {base} holds, but for the changes made here.
# It is valid as it is. Put it into a folder {folder}/ as framework.toml. Every table is explained in docs/reference/overlay-file.md.

{head}
status  = "draft"

# How you know what you change and add here: "documented" (a published source says so), "inferred" or "reconstructed" (your own
# best idea). What the base holds keeps its own mark.
provenance = "reconstructed"

# When your audit comes round, and who receives it. A board of the base stays, unless it is removed below.
# [cycle]
# pattern = "two-yearly"                # annual, two-yearly, twice-yearly, alternating, rolling, live, once
# period  = "2026/28"
# due     = 2026-09-30

# [[board]]
# id   = "our-board"
# name = "Our Safeguarding Children Partnership"

# Take something away. A reference, or board, scale, role, dimension or action_field with an id.
# [[remove]]
# ref    = "8"
# reason = "..."

# Change something. "same": a better wording of the same demand; "changed": answers can no longer be compared.
# [[change]]
# ref     = "1.1"
# meaning = "same"
# text    = "..."

# Add a statement to a standard; "after" says behind which one, without it the new one is last.
# [[statement]]
# standard = "1"
# after    = "1.1"
# ref      = "1.1a"
# text     = "..."

# Add a standard.
# [[standard]]
# after = "1"
# ref   = "1a"
# title = "..."
#
# [[standard.statement]]
# ref  = "1a.1"
# text = "..."
"""
