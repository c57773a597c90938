"""Why the bytes of a file are not UTF-8."""

from __future__ import annotations

from s11kit.codec._syntax import UTF_16, WRONG_FILE, SyntaxFault

__all__ = ["decode_fault"]

_BYTE_STARTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"PK\x03\x04",), "an Excel or Word file"),
    ((b"\xd0\xcf\x11\xe0",), "an old Excel or Word file (.xls, .doc)"),
    ((b"%PDF-",), "a PDF file"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture"),
    ((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"), "a compressed file"),
)


def decode_fault(raw: bytes, error: UnicodeDecodeError) -> SyntaxFault:
    """Explain why a file is not UTF-8.

    The offset counts the characters of `raw.decode("utf-8", errors="replace")`, a byte order mark included.
    """
    for starts, name in _BYTE_STARTS:
        if raw.startswith(starts):
            return SyntaxFault(0, 1, "encoding", f"this is {name}, not a text file", WRONG_FILE)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:1000]:
        return SyntaxFault(0, 1, "encoding", *UTF_16)
    # The codec utf-8-sig counts from behind the byte order mark.
    start = error.start + max(len(raw) - len(error.object), 0)
    byte = raw[start : start + 1]
    char = byte.decode("cp1252", errors="ignore")
    seen = f", {char} in Windows-1252" if char and char.isprintable() else ""
    return SyntaxFault(
        len(raw[:start].decode("utf-8", errors="replace")),
        1,
        "encoding",
        f"this character is not UTF-8 (byte 0x{byte.hex().upper()}{seen})",
        'save the file as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"; in Excel "CSV UTF-8"',
    )
