"""Unicode told by its bytes: by the byte order mark, or by where the NULs of UTF-16 stand."""

from __future__ import annotations

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def marked(data: bytes) -> str | None:
    """The encoding that the byte order mark says; None without one."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def unmarked_utf16(beginning: bytes) -> str | None:
    """UTF-16 that has no mark: half of its bytes are NUL wherever digits, blanks and arrows stand."""
    high, low = beginning[1::2], beginning[::2]
    for encoding, empty, full in (("utf-16-le", high, low), ("utf-16-be", low, high)):
        if empty.count(0) * 5 > len(empty) and full.count(0) * 100 <= len(full):
            return encoding
    return None
