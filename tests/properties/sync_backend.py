"""The backend of the simulator: compare-and-swap, a list, a change feed, and all that was ever there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.answers import Answer, Contents, Done, Listed, Missing, NotAccepted, StaleTag

NOBODY = "nobody"
"""Who writes what no desk does: the start, a script on the server."""
RECEIPTS = 30
"""So many answers are kept for a replay under the same write id; a real backend forgets, too."""
Document = dict[str, Any]
Change = Callable[[Any], Any]


def cue_of(document: Document | None) -> Cue | None:
    """The one cue that a document holds; None where it is gone, or is the head."""
    if document is None or document["kind"] == "head":
        return None
    return _first_cue(document["content"])


@lru_cache(maxsize=1000)
def _first_cue(content: str) -> Cue:
    return WebVTTSegmentText().read(content)[0][0]


def text_of(document: Document | None) -> str | None:
    """The text of that cue."""
    cue = cue_of(document)
    return cue.text if cue is not None else None


@dataclass(frozen=True, slots=True)
class Written:
    """An accepted write: what was there before and after it (None: nothing), and who had removed it; the
    version that was there (None: nothing), and the one that the write named."""

    key: str
    author: str
    before: Document | None
    after: Document | None
    removed_by: str = ""
    version: str | None = None
    named: str | None = None


@dataclass(frozen=True)
class Backup:
    """What a copy of the backend's files holds."""

    documents: dict[str, tuple[str, Document]]
    gone: dict[str, str]
    log: list[tuple[str, str | None]]
    marks: list[str]
    epoch: str


class Backend:
    """The segments, and an account of all that was ever there. Tags are never used twice."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, Document]] = {}
        self.gone: dict[str, str] = {}
        """Deleted segments and who deleted each."""
        self.ever: dict[tuple[str, str], Document] = {}
        self.texts: set[str] = set()
        """The last line of every content that was ever here."""
        self.log: list[tuple[str, str | None]] = []
        """Key and tag of every change (None: a removal); the first has position 1."""
        self.marks: list[str] = []
        """What each position was given when it was reached; never given twice."""
        self.writes: list[Written] = []
        self.epoch = "e"
        """Which project of this name it is; empty: there is none."""
        self.starts = 1
        """How often it was started: an answer does not outlive the process that gives it."""
        self._tags = 0
        self._receipts: dict[str, tuple[object, Answer]] = {}

    @property
    def seq(self) -> int:
        return len(self.log)

    @property
    def mark(self) -> str:
        """Where the history is; told in every answer, and brought back by every request."""
        return self.marks[-1] if self.marks else ""

    def knows(self, mark: str) -> bool:
        return not mark or mark in self.marks

    def put(self, key: str, document: Document | None, author: str, named: str | None = None) -> str:
        version, before = self.documents.get(key, (None, None))
        self._tags += 1
        tag = f'"{self._tags}"'
        self.log.append((key, tag if document is not None else None))
        self.marks.append(f"{self._tags}-m")
        self.writes.append(Written(key, author, before, document, self.gone.get(key, ""), version, named))
        if document is None:
            del self.documents[key]
            self.gone[key] = author
        else:
            self.documents[key] = (tag, document)
            self.ever[key, tag] = document
            self.texts.add(document["content"].rstrip("\n").rsplit("\n", 1)[-1])
            self.gone.pop(key, None)
        return tag

    def write(self, key: str, tag: str | None, change: Change, author: str, write_id: str = "") -> Answer:
        """`write_id` names the request: one that was carried out is answered again as it was."""
        if write_id in self._receipts:
            first, answer = self._receipts[write_id]
            return answer if first == (key, tag) else NotAccepted("another request had that name")
        now = self.documents.get(key)
        if now is None:
            if tag is not None:
                return Missing(deleted=key in self.gone)
        elif tag != now[0]:
            return StaleTag()
        document = change(now[1] if now is not None else None)
        fresh = self.put(key, document, author, tag)
        answer = Done(fresh, document)
        if write_id:
            self._receipts[write_id] = ((key, tag), answer)
            for old in [*self._receipts][:-RECEIPTS]:
                del self._receipts[old]
        return answer

    def backup(self) -> Backup:
        return Backup(dict(self.documents), dict(self.gone), [*self.log], [*self.marks], self.epoch)

    def restore(self, kept: Backup) -> None:
        """As the files of a real one put back: documents, feed and position; the tags go on from there, and
        requests that were answered since are not known any more."""
        self.starts += 1
        self.documents, self.gone = dict(kept.documents), dict(kept.gone)
        self.log, self.marks, self.epoch = [*kept.log], [*kept.marks], kept.epoch
        self._receipts.clear()

    def wipe(self, *, again: bool) -> None:
        """Nothing is left, or (`again`) the project made anew and empty."""
        self.starts += 1
        self.documents, self.gone, self.log, self.marks = {}, {}, [], []
        self._receipts.clear()
        self.epoch = f"{self.epoch}'" if again else ""

    def bump(self, key: str) -> None:
        """Another version that says the same."""
        self.put(key, dict(self.documents[key][1]), NOBODY)

    def listed(self, key: str) -> Listed:
        if key not in self.documents:
            return Listed(key, None, gone=True)
        tag, document = self.documents[key]
        return Listed(key, tag, document)

    def contents(self) -> Contents:
        return Contents(tuple(self.listed(key) for key in sorted(self.documents)), self.seq, self.epoch)
