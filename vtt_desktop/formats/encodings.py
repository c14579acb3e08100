"""The encoding of a text that does not say it: what Firefox guesses, as decoders here call it."""

from __future__ import annotations

from chardetng_py import detect

from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.byte_order import marked, unmarked_utf16

_DECODERS = {"Shift_JIS": "cp932", "EUC-KR": "cp949", "Big5": "big5hkscs", "ISO-8859-8-I": "iso8859-8"}
"""The web's names stand for more than Python's of the same name (Encoding Standard, 4.2)."""


def decode_text(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """(text, encoding): the one asked for, else the one that `detected` tells. A mark stays as U+FEFF."""
    used = encoding or detected(data)
    try:
        return data.decode(used, "replace"), used
    except (LookupError, ValueError) as error:
        raise UserError(f"There is no text encoding named {encoding}.") from error


def detected(data: bytes) -> str:
    """By the byte order mark, else UTF-16 by its NULs, else UTF-8 where it is that, else the likeliest."""
    known = marked(data) or unmarked_utf16(data[:4096])
    if known is not None:
        return known
    try:
        data.decode()
    except UnicodeDecodeError:
        guess = str(detect(data))
        return _DECODERS.get(guess, guess.lower().replace("windows-", "cp"))
    return "utf-8"
