"""A cue: one subtitle, as a frozen value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# WebVTT 4.2.2 "WebVTT cue voice span" opening the text: its classes and its annotation.
_VOICE = re.compile(r"<v(?:\.[^\s<>&]*)?[ \t\n]+([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Source:
    """What a cue was read from: the fields as read and the exact bytes of its block.

    `block` runs from the identifier line (or the timing line) to the end of the text, without the
    line end that follows. A writer gives the bytes back for every part that nobody touched.
    """

    identifier: str
    start: int
    end: int
    settings: str
    text: str
    block: bytes


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue. `start` and `end` are milliseconds; `text` is raw cue text, lines joined by `\\n`.

    `id` is ours, stable for the life of the project, never an index; the WebVTT identifier line is
    `identifier`. `settings` are as written. `lead` is all that stands between the block before and
    this one (line ends, blank lines, NOTE and unknown blocks): it travels with the cue.
    `source` is not part of the value: two cues that say the same are equal whatever they were read from.
    """

    id: int
    start: int
    end: int
    text: str
    identifier: str = ""
    settings: str = ""
    lead: bytes = b""
    source: Source | None = field(default=None, compare=False, repr=False)

    @property
    def duration(self) -> int:
        """Milliseconds from in-time to out-time; negative where the file says so."""
        return self.end - self.start

    @property
    def speaker(self) -> str:
        """The name in the `<v Name>` that opens the text, or nothing."""
        found = _VOICE.match(self.text)
        return " ".join(found[1].split()) if found else ""

    def at(self, start: int, end: int) -> Cue:
        """The same cue at other times, ms: `with_` without its cost, for edits of all cues at once."""
        return made_cue(
            self.id, start, end, self.text, self.identifier, self.settings, self.lead, self.source
        )

    def called(self, id: int) -> Cue:
        """The same cue under another id: `with_` without its cost, where thousands are read."""
        made: Any = _Open(
            id, self.start, self.end, self.text, self.identifier, self.settings, self.lead, self.source
        )
        made.__class__ = Cue
        return made  # type: ignore[no-any-return]

    def with_(self, **changes: Any) -> Cue:
        """The same cue with some fields changed. A fifth of the cost of `dataclasses.replace`."""
        take = changes.pop
        made = made_cue(
            take("id", self.id),
            take("start", self.start),
            take("end", self.end),
            take("text", self.text),
            take("identifier", self.identifier),
            take("settings", self.settings),
            take("lead", self.lead),
            take("source", self.source),
        )
        if changes:
            raise TypeError(f"a cue has no field {', '.join(changes)}")
        return made


class _Open:
    """A cue in the making: the slots of `Cue` without its guard, which makes filling them twice as slow."""

    __slots__ = ("end", "id", "identifier", "lead", "settings", "source", "start", "text")

    def __init__(
        self,
        id: int,
        start: int,
        end: int,
        text: str,
        identifier: str,
        settings: str,
        lead: bytes,
        source: Source | None,
    ) -> None:
        self.id = id
        self.start = start
        self.end = end
        self.text = text
        self.identifier = identifier
        self.settings = settings
        self.lead = lead
        self.source = source


def made_cue(
    id: int,
    start: int,
    end: int,
    text: str,
    identifier: str,
    settings: str,
    lead: bytes,
    source: Source | None,
) -> Cue:
    """`Cue(…)` in half the time, where a hundred thousand are made at once."""
    made = _Open(id, start, end, text, identifier, settings, lead, source)
    made.__class__ = Cue  # type: ignore[assignment]  # the slots are the same, which Python checks here
    return made  # type: ignore[return-value]


def split_voice(text: str) -> tuple[str, str]:
    """The opening `<v …>` tag as written and the rest; an empty tag where there is none."""
    found = _VOICE.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def settings_by_name(settings: str) -> dict[str, str]:
    """`line:0 align:start` → `{"line": "0", "align": "start"}`; a later duplicate wins (WebVTT 6.3).

    A word without a colon is kept under itself with an empty value, so that nothing written is lost.
    """
    found: dict[str, str] = {}
    for word in settings.split():
        name, colon, value = word.partition(":")
        found[name if colon else word] = value
    return found


def settings_text(by_name: dict[str, str]) -> str:
    """The words of `settings_by_name` joined again."""
    return " ".join(f"{name}:{value}" if value else name for name, value in by_name.items())
