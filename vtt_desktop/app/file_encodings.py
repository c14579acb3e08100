"""Which text encodings a file can be read and written in, and what each makes of it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.files import OpenedFile
from vtt_desktop.ui.saving import EncodingChoice

_SHOWN = 4096
"""Bytes of a file's beginning that are enough to tell whether it reads well."""

_NAMED = 5
"""Characters that are named one by one."""

_TITLES = (
    ("utf-8", "UTF-8", "Unicode"),
    ("utf-16-le", "UTF-16 LE", "Unicode"),
    ("utf-16-be", "UTF-16 BE", "Unicode"),
    ("cp1252", "Windows-1252", "Western European"),
    ("iso8859-1", "ISO-8859-1 (Latin 1)", "Western European"),
    ("iso8859-15", "ISO-8859-15 (Latin 9)", "Western European"),
    ("mac-roman", "Mac Roman", "Western European"),
    ("cp850", "DOS 850", "Western European"),
    ("cp1250", "Windows-1250", "Central European"),
    ("iso8859-2", "ISO-8859-2 (Latin 2)", "Central European"),
    ("cp852", "DOS 852", "Central European"),
    ("iso8859-16", "ISO-8859-16 (Latin 10)", "Romanian"),
    ("cp1251", "Windows-1251", "Cyrillic"),
    ("koi8-r", "KOI8-R", "Russian"),
    ("koi8-u", "KOI8-U", "Ukrainian"),
    ("iso8859-5", "ISO-8859-5", "Cyrillic"),
    ("cp866", "DOS 866", "Cyrillic"),
    ("mac-cyrillic", "Mac Cyrillic", "Cyrillic"),
    ("cp1253", "Windows-1253", "Greek"),
    ("iso8859-7", "ISO-8859-7", "Greek"),
    ("cp1254", "Windows-1254", "Turkish"),
    ("iso8859-9", "ISO-8859-9 (Latin 5)", "Turkish"),
    ("cp1257", "Windows-1257", "Baltic"),
    ("iso8859-13", "ISO-8859-13 (Latin 7)", "Baltic"),
    ("iso8859-4", "ISO-8859-4 (Latin 4)", "Baltic"),
    ("iso8859-10", "ISO-8859-10 (Latin 6)", "Nordic"),
    ("iso8859-14", "ISO-8859-14 (Latin 8)", "Celtic"),
    ("iso8859-3", "ISO-8859-3 (Latin 3)", "Maltese, Esperanto"),
    ("cp1255", "Windows-1255", "Hebrew"),
    ("iso8859-8", "ISO-8859-8", "Hebrew"),
    ("cp1256", "Windows-1256", "Arabic"),
    ("iso8859-6", "ISO-8859-6", "Arabic"),
    ("cp1258", "Windows-1258", "Vietnamese"),
    ("cp874", "Windows-874", "Thai"),
    ("cp932", "Shift JIS", "Japanese"),
    ("euc-jp", "EUC-JP", "Japanese"),
    ("iso2022-jp", "ISO-2022-JP", "Japanese"),
    ("gb18030", "GB 18030", "Chinese, simplified"),
    ("gbk", "GBK", "Chinese, simplified"),
    ("big5hkscs", "Big5", "Chinese, traditional"),
    ("cp949", "Windows-949", "Korean"),
    ("euc-kr", "EUC-KR", "Korean"),
)


def encoding_choices(now: str, told: str | None) -> Sequence[EncodingChoice]:
    """All there are: the one that the file tells of itself first, then the one in use."""
    first = [_known(name) for name in dict.fromkeys(filter(None, (told, now)))]
    rest = [name for name, _, _ in _TITLES if name not in first]
    titles = {name: (title, area) for name, title, area in _TITLES}
    return [
        EncodingChoice(
            name,
            *titles.get(name, (name.upper(), "")),
            told=told is not None and name == _known(told),
            now=name == _known(now),
        )
        for name in (*first, *rest)
    ]


def beginning_as(file: OpenedFile, encoding: str) -> str:
    """How the first lines look when the file is read with an encoding; UserError where there is none such."""
    try:
        text = file.data[:_SHOWN].decode(encoding, "replace")
    except (LookupError, ValueError) as error:
        raise UserError(f"There is no encoding named {encoding}.") from error
    if len(file.data) > _SHOWN:
        text = text[:-1]  # the last character may have been cut
    return text.removeprefix("\ufeff")


def unfit_for(snapshot: Snapshot, encoding: str) -> str:
    """Which characters an encoding does not have and where, in a sentence; nothing where all fit."""
    if _known(encoding).startswith("utf-"):
        return ""
    first: dict[str, int] = {}
    cues = 0
    for number, characters in _unfit(snapshot, encoding):
        cues += 1
        for character in characters:
            first.setdefault(character, number)
    if not first:
        return ""
    shown = [*first.items()][:_NAMED]
    named = [f"“{character}” (cue {number:,})" for character, number in shown]
    if len(first) > _NAMED:
        named.append(f"{len(first) - _NAMED:,} more")
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    others = cues - len({number for _, number in shown})
    also = f"; {others:,} other cue{'s have' if others > 1 else ' has'} such characters" if others else ""
    return f"It has no character {listed}{also}."


def first_unfit(snapshot: Snapshot, encoding: str) -> int | None:
    """The number of the first cue with a character that the encoding does not have, from nought."""
    return next((number - 1 for number, _ in _unfit(snapshot, encoding)), None)


def _unfit(snapshot: Snapshot, encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    """(number of a cue, its characters that the encoding does not have, each once)."""
    for number, cue in enumerate(snapshot.cues, 1):
        try:
            cue.text.encode(encoding)
        except UnicodeEncodeError:
            yield number, [one for one in dict.fromkeys(cue.text) if not _fits(one, encoding)]


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _known(name: str) -> str:
    """The name by which an encoding is listed here."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return name
    same = (listed for listed, _, _ in _TITLES if codecs.lookup(listed).name == codec)
    return next(same, codec)
