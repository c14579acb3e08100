"""What people do to a film of four cues before they have to decide: edits that move its text about."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.properties.sync_lockstep import Desk
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_text import (
    insert_cue,
    merge_cues,
    remove_cues,
    set_identifier,
    set_settings,
    set_text,
    split_cue,
)
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.timecode import format_time

CUES = 4
_HAN = "天地玄黄宇宙洪荒日月盈昃辰宿列张"
_HEBREW = "שלום עולם טוב בוקר ערב לילה ספר בית ילד ילדה כלב חתול".split()
_TAGGED = (
    "<v Bob>t0 <i>t1</i> t2",
    "<i>t3 t4 t5</i>",
    "t6 <b>t7 t8</b>",
    "<v Al>t9 t10 t11",
)
TEXTS: dict[str, Callable[[int], str]] = {
    "plain": lambda i: f"t{3 * i} t{3 * i + 1} t{3 * i + 2}",
    "long": lambda i: " ".join(f"t{i}x{j}" for j in range(6)),
    "tags": lambda i: _TAGGED[i],
    "lines": lambda i: f"t{3 * i} u{i}\nt{3 * i + 1} t{3 * i + 2}",
    "han": lambda i: _HAN[4 * i : 4 * i + 4],
    "hebrew": lambda i: " ".join(_HEBREW[3 * i : 3 * i + 3]),
    "repeated": lambda i: ("no no no", "yes no no", "no no no", "no yes yes")[i],
    "one word": lambda i: f"t{i}",
    "half empty": lambda i: "" if i % 2 else f"t{i} u{i} v{i}",
}
"""What the cues say at first."""
_OFTEN = ("rewrite", "split", "split", "split", "merge", "merge", "carry", "carry", "type", "type")


def film(texts: Sequence[str], chance: random.Random) -> list[str]:
    """Cue blocks, some with comments, an identifier and settings; sometimes all at one time."""
    at_once, blocks = chance.random() < 0.05, []
    for i, text in enumerate(texts):
        start = 1000 if at_once else 1000 + 2000 * i
        end = start + (1000 if at_once or chance.random() < 0.6 else 2000)
        note = f"NOTE n{i}\n\n" if chance.random() < 0.4 else ""
        name = f"id{i}\n" if chance.random() < 0.3 else ""
        line = f" line:{i}%" if chance.random() < 0.3 else ""
        blocks.append(f"{note}{name}{format_time(start)} --> {format_time(end)}{line}\n{text}")
    return blocks


class Person:
    """Someone at a desk, whose words nobody else types."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.did: list[str] = []
        self._desk, self._chance = desk, chance
        self._words = 0
        self._doings: dict[str, Callable[[Cue, Cue | None], object]] = {
            "type": self._type,
            "replace": self._replace,
            "rewrite": lambda cue, _: self._say(cue, self._word()),
            "remove": lambda cue, _: self._submit(remove_cues(self._now, [cue.id])),
            "split": lambda cue, _: self._split(cue),
            "split and type": lambda cue, _: self._type(self._chance.choice(self._split(cue)), None),
            "merge": self._merge,
            "merge and replace": self._merge_and_replace,
            "merge three": self._merge_three,
            "carry": self._carry,
            "carry back": self._carry_back,
            "move": lambda cue, _: self._move(cue),
            "times": lambda cue, _: self._times(cue),
            "settings": lambda cue, _: self._submit(
                set_settings(self._now, cue.id, f"line:{self._chance.randrange(100)}%")
            ),
            "identifier": lambda cue, _: self._submit(set_identifier(self._now, cue.id, self._word())),
            "insert": self._insert,
            "undo": lambda *_: desk.history.undo(),
        }

    def act(self) -> None:
        """One thing that a person does to the list of cues; what cannot be done is not."""
        cues = list(self._now.cues)
        if not cues:
            return
        at = self._chance.randrange(len(cues))
        what = self._chance.choice((*_OFTEN, *self._doings))
        self.did.append(f"{what} {cues[at].text!r}")
        try:
            self._doings[what](cues[at], cues[at + 1] if at + 1 < len(cues) else None)
        except UserError as error:
            self.did.append(f"({error})")
        self._desk.history.seal()

    @property
    def _now(self) -> Snapshot:
        return self._desk.document.snapshot

    def _cue(self, cue_id: int) -> Cue:
        return self._now.cues[self._now.cues.index_of(cue_id)]

    def _word(self) -> str:
        self._words += 1
        return f"{self._desk.name}{self._words}"

    def _submit(self, edit: Edit) -> None:
        self._desk.submit(edit)

    def _say(self, cue: Cue, text: str) -> None:
        self._submit(set_text(self._now, cue.id, text))

    def _type(self, cue: Cue, _: Cue | None) -> None:
        words = [cue.text, self._word()]
        self._say(cue, " ".join(word for word in self._chance.sample(words, 2) if word))

    def _replace(self, cue: Cue, _: Cue | None = None) -> None:
        words = _parts(cue.text)
        words[self._chance.randrange(len(words))] = self._word()
        self._say(cue, _glued(words, like=cue.text))

    def _split(self, cue: Cue) -> tuple[Cue, Cue]:
        """At a blank, or in the middle of a word."""
        new_id, text = self._desk.document.new_id(), cue.text
        at = self._chance.choice([i for i, sign in enumerate(text) if sign.isspace()] or [len(text) // 2])
        self._submit(split_cue(self._now, cue.id, new_id, at_char=at, at_ms=None))
        return self._cue(cue.id), self._cue(new_id)

    def _merge(self, cue: Cue, other: Cue | None) -> None:
        if other is not None:
            self._submit(merge_cues(self._now, [cue.id, other.id], self._chance.choice(" \n")))

    def _merge_and_replace(self, cue: Cue, other: Cue | None) -> None:
        if other is not None:
            with self._desk.history.group("Merge and replace"):
                self._merge(cue, other)
                self._replace(self._cue(cue.id))

    def _merge_three(self, cue: Cue, _: Cue | None) -> None:
        at = self._now.cues.index_of(cue.id)
        ids = [one.id for one in list(self._now.cues)[at : at + 3]]
        self._submit(merge_cues(self._now, ids, self._chance.choice(" \n")))

    def _carry(self, cue: Cue, other: Cue | None) -> None:
        """The last word goes to the beginning of the next."""
        if other is not None:
            *words, last = _parts(cue.text)
            with self._desk.history.group("Carry"):
                self._say(cue, _glued(words, like=cue.text))
                self._say(other, _glued([last, other.text], like=f"{cue.text} "))

    def _carry_back(self, cue: Cue, other: Cue | None) -> None:
        """The first word of the next goes to the end of this one."""
        if other is not None:
            first, *words = _parts(other.text)
            with self._desk.history.group("Carry back"):
                self._say(other, _glued(words, like=other.text))
                self._say(cue, _glued([cue.text, first], like=f"{cue.text} "))

    def _move(self, cue: Cue) -> None:
        """What it says goes into a new cue behind another."""
        other = self._chance.choice(list(self._now.cues))
        if other.id != cue.id:
            with self._desk.history.group("Move"):
                self._submit(remove_cues(self._now, [cue.id]))
                moved = Cue(self._desk.document.new_id(), other.end + 1, other.end + 50, cue.text)
                self._submit(insert_cue(moved, other.id))

    def _times(self, cue: Cue) -> None:
        start = cue.start + self._chance.choice((-300, 0, 200, 500))
        end = max(start + 100, cue.end + self._chance.choice((-200, 0, 300, 1500)))
        self._submit(set_times(self._now, cue.id, start, end))

    def _insert(self, cue: Cue, _: Cue | None) -> None:
        new = Cue(self._desk.document.new_id(), cue.end, cue.end + 300, self._word())
        self._submit(insert_cue(new, cue.id))


def _parts(text: str) -> list[str]:
    """Its words; of one alone both halves."""
    words = text.split()
    return words if len(words) > 1 else [text[: len(text) // 2], text[len(text) // 2 :]]


def _glued(parts: list[str], *, like: str) -> str:
    """Parts with blanks between them, where that text has some."""
    return (" " if any(map(str.isspace, like)) else "").join(part for part in parts if part)
