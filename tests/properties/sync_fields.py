"""What people made of the times, settings, identifiers and other fields of cues in a simulated world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import islice

from tests.properties.sync_backend import Backend, Written, cue_of
from vtt_desktop.domain.cue import Cue

FIELDS = ("start", "end", "identifier", "settings")
Value = tuple[str, object]
NOTHING = tuple((field, None) for field in FIELDS)


class FieldAccounts:
    """As the accounts of the texts, by field: who made which value of which, at which desk."""

    def __init__(self, backend: Backend, broken: Callable[[str], object]) -> None:
        self._backend = backend
        self._broken = broken
        self._ways: defaultdict[str, defaultdict[Value, set[Value]]]
        self._ways = defaultdict(lambda: defaultdict(set))
        self._author: dict[Value, str] = {}
        self._there: set[Value] = set()
        """What was on the backend at any time."""
        self._seen = 0
        """How many documents of all that were ever there have been looked at."""
        self._notes: dict[str, object] = {}
        """What else the document of each text held."""
        self.refused: set[str] = set()
        """Segments of which the backend refused something: they may be made again without those fields."""

    def did(self, name: str, was: Cue | None, now: Cue | None) -> None:
        """A person at this desk saw `was` and made it `now`."""
        self._look()
        for before, after in zip(_values(was), _values(now), strict=True):
            if before != after:
                self._ways[name][before].add(after)
                if after not in self._there:
                    self._author[after] = name

    def replaced(self, name: str, was: Cue, now: Cue) -> None:
        """A cue here changed without its person: what they had made of it had reached the backend (I3)."""
        self._look()
        for value, other in zip(_values(was), _values(now), strict=True):
            if value != other and self._author.get(value) == name and value not in self._there:
                made = " ".join(map(str, value))
                self._broken(f"I3 {made}, made at {name} and never sent, became {now} unasked")

    def wrote(self, write: Written) -> None:
        """The backend accepted a write: its author meant every field of it (I2, I8), and what is not ours in
        the document is what it was (I16)."""
        self._look()
        was, now = cue_of(write.before), cue_of(write.after)
        if now is None:
            return
        note = (write.after or {}).get("note")
        if was is not None:
            for before, after in zip(_values(was), _values(now), strict=True):
                if before != after and not self._knew(write.author, before, after):
                    made = " ".join(map(str, after))
                    self._broken(
                        f"I8 {write.author} wrote {made} over {before[1]} in {write.key}, "
                        "which nobody there had seen"
                    )
            if (write.before or {}).get("note") not in (None, note):
                self._broken(f"I16 {write.author} lost what else {write.key} held")
        elif self._notes.get(now.text, note) != note and write.key not in self.refused:
            self._broken(f"I16 {write.author} brought {write.key} back without what else it held")

    def _look(self) -> None:
        """What came to the backend since, by whomever."""
        for document in islice(self._backend.ever.values(), self._seen, None):
            cue = cue_of(document)
            if cue is not None:
                self._there.update(_values(cue))
                if "note" in document:
                    self._notes[cue.text] = document["note"]
        self._seen = len(self._backend.ever)

    def _knew(self, name: str, was: Value, now: Value) -> bool:
        ways, seen, todo = self._ways[name], {was}, [was]
        while todo:
            for after in ways.get(todo.pop(), ()):
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return now in seen


def _values(cue: Cue | None) -> tuple[Value, ...]:
    """Its `FIELDS`; of no cue each is None."""
    if cue is None:
        return NOTHING
    return ("start", cue.start), ("end", cue.end), ("identifier", cue.identifier), ("settings", cue.settings)
