"""The journal gives back what it was given: the document, the undo steps and the segments, to the byte."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange, Origin
from vtt_desktop.domain.edits_text import insert_cue, merge_cues, remove_cues, set_text, split_cue
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.journal import Journal, Recovered
from vtt_desktop.sync.journal_rows import pack_segment, unpack_segment
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.segment import Phase, Segment, Sent, Version

ODD = bytes(range(256)) + "é\u2028𝄞".encode() + b"\xed\xa0\x80\xff\xfe\0\0"


class Desk:
    """A document whose every change goes to a journal, as the program has it."""

    def __init__(
        self, journal: Journal, snapshot: Snapshot | None = None, next_id: int | None = None
    ) -> None:
        self.journal = journal
        self.document = Document(snapshot, next_id)
        ticks = itertools.count()
        self.history = History(self.document, lambda: float(next(ticks) * 10))
        self.leave = self.history.changed.connect(journal.append)

    @classmethod
    def recovered(cls, journal: Journal) -> "Desk":
        found = journal.recovered
        assert found is not None
        desk = cls(journal, found.snapshot, found.next_id)
        for event in found.events:
            desk.history.restore(event)
        return desk

    def do(self, edit: Edit) -> None:
        self.history.do(edit)

    def remote(self, edit: Edit) -> None:
        self.document.apply(edit)
        self.journal.append_remote(edit)

    def checkpoint(self) -> None:
        self.journal.checkpoint(self.document.snapshot, self.document.next_id)

    @property
    def snapshot(self) -> Snapshot:
        return self.document.snapshot


def cue(cue_id: int, text: str = "word") -> Cue:
    start = cue_id * 2000
    block = f"{start} --> {start + 1500}\n{text}".encode() + ODD
    source = Source("", start, start + 1500, "", text, block)
    return Cue(cue_id, start, start + 1500, text, lead=b"\n\nNOTE " + ODD, source=source)


def snapshot_of(count: int) -> Snapshot:
    return Snapshot(Head(b"WEBVTT " + ODD, b"\ntail" + ODD), CueList.of(cue(i + 1) for i in range(count)))


def exact(snapshot: Snapshot) -> tuple[object, ...]:
    """All of a snapshot, sources too: `==` on cues does not look at them."""
    return (snapshot.head, *((c, c.source) for c in snapshot.cues))


def stacks(history: History) -> list[tuple[Edit, ...]]:
    return [tuple(history._undo), tuple(history._redo)]


def no_error(sentence: str) -> None:
    raise AssertionError(sentence)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "film.vttproj"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal.open(path, no_error)
    yield opened
    opened.close()


def again(journal: Journal, path: Path) -> Journal:
    journal.close()
    return Journal.open(path, no_error)


def recovered(journal: Journal, path: Path) -> Recovered:
    opened = again(journal, path)
    opened.close()
    assert opened.recovered is not None
    return opened.recovered


def test_a_fresh_journal_has_nothing_to_recover(journal: Journal) -> None:
    assert journal.recovered is None
    assert journal.set_aside is None
    assert journal.edits_since_checkpoint == 0


def test_a_checkpoint_comes_back_to_the_byte(journal: Journal, path: Path) -> None:
    snapshot = snapshot_of(600)
    journal.checkpoint(snapshot, 4711)
    journal.put_meta("source", "ünï\0code 𝄞")
    found = recovered(journal, path)
    assert exact(found.snapshot) == exact(snapshot)
    assert (found.next_id, found.meta, found.events) == (4711, {"source": "ünï\0code 𝄞"}, ())


def every_kind_of_edit(desk: Desk) -> None:
    """Typing, times, a bulk edit, cues that come, go, split and merge, the head, a colleague, undo, redo."""
    for text in ("w", "wo", "wor\nd", "-> \u2028 𝄞 \x7f"):
        desk.do(set_text(desk.snapshot, 3, text))
    desk.do(set_times(desk.snapshot, 4, 1, 2))
    desk.do(shift(desk.snapshot, [c.id for c in desk.snapshot.cues], 250))
    desk.checkpoint()
    desk.do(split_cue(desk.snapshot, 5, desk.document.new_id(), at_char=2, at_ms=None))
    desk.do(insert_cue(cue(desk.document.new_id(), "new"), follows=7))
    desk.do(insert_cue(cue(desk.document.new_id(), "first")))
    desk.do(remove_cues(desk.snapshot, [2, 9, 10]))
    desk.do(merge_cues(desk.snapshot, [6, 7]))
    theirs = cue(8, "theirs").with_(lead=b"\r\n" + ODD, settings="line:0", identifier="\0", source=None)
    desk.remote(Edit("Remote", (CueChange(desk.snapshot.cues.get(8), theirs),), Origin.REMOTE))
    head = Head(ODD, b"")
    desk.do(Edit("Header", (HeadChange(desk.snapshot.head, head),), group="head"))
    with desk.history.group("Two in one"):
        desk.do(set_text(desk.snapshot, 8, "mine"))
        desk.do(set_text(desk.snapshot, 3, "mine too"))
    for _ in range(5):
        desk.history.undo()
    for _ in range(3):
        desk.history.redo()


@pytest.mark.parametrize("checkpoint_at_the_end", [False, True])
def test_document_and_both_stacks_come_back(
    journal: Journal, path: Path, checkpoint_at_the_end: bool
) -> None:
    desk = Desk(journal, snapshot_of(12))
    desk.checkpoint()
    every_kind_of_edit(desk)
    if checkpoint_at_the_end:
        desk.checkpoint()
    desk.leave()
    after = again(journal, path)
    back = Desk.recovered(after)
    assert exact(back.snapshot) == exact(desk.snapshot)
    assert back.document.next_id == desk.document.next_id
    assert stacks(back.history) == stacks(desk.history)
    while desk.history.undo():
        back.history.undo()
        assert exact(back.snapshot) == exact(desk.snapshot)
    while desk.history.redo():
        back.history.redo()
        assert exact(back.snapshot) == exact(desk.snapshot)
    expected = exact(back.snapshot)
    assert exact(recovered(after, path).snapshot) == expected


def test_typing_goes_on_in_a_journal_that_was_opened_again(journal: Journal, path: Path) -> None:
    desk = Desk(journal, snapshot_of(700))
    desk.checkpoint()
    for turn in range(4):
        desk.do(set_text(desk.snapshot, 300 + turn, f"turn {turn}"))
        expected = exact(desk.snapshot)
        journal = again(journal, path)
        desk = Desk.recovered(journal)
        assert exact(desk.snapshot) == expected
        assert journal.edits_since_checkpoint == 1
        desk.checkpoint()
    assert len(desk.history.labels) == 4
    journal.close()


def test_edits_without_a_checkpoint_stand_on_an_empty_document(journal: Journal, path: Path) -> None:
    desk = Desk(journal)
    desk.do(insert_cue(cue(desk.document.new_id())))
    assert exact(recovered(journal, path).snapshot) == exact(desk.snapshot)


SEGMENT = Segment(
    "seg/1 é",
    base=(one := Body("wire \0 𝄞", "a5", (cue(1), cue(2)), None, Frame("\0 é", "\n", True))),
    etag='W/"tag"',
    mine=one,
    past=("t1", "t2"),
)
OTHER = Body("other", "b", (cue(1, "other"),))
SEGMENTS = [
    SEGMENT,
    Segment("new", None, None, OTHER),
    Segment("removed", one, '"1"', None, refused="Too long.", read_only="Not yours."),
    Segment("waiting", one, '"1"', OTHER, theirs=Version(Body("theirs", "c", (cue(1, "x"),)), '"2"')),
    Segment("gone", one, '"1"', OTHER, theirs=Version(None, None)),
    Segment("head", Body("WEBVTT", "", (), Head(ODD, ODD)), '"7"', Body("WEBVTT x", "", (), Head(b"", ODD))),
    Segment(
        "unproven", one, '"1"', OTHER, fetch=True, confirming=True, stale_tag='"0"', unproven=(OTHER, one)
    ),
]


def bodies(segment: Segment) -> list[object]:
    """What `==` on bodies does not look at."""
    found = [segment.base, segment.mine, *segment.unproven]
    found += [side.body for side in (segment.sent, segment.theirs) if side]
    return [(b.cues, [c.source for c in b.cues], b.head, b.frame) if b else None for b in found]


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda s: s.key)
def test_a_segment_comes_back_whole(segment: Segment) -> None:
    back = unpack_segment(pack_segment(segment))
    assert back == segment
    assert bodies(back) == bodies(segment)


def test_segments_are_kept_replaced_and_dropped(journal: Journal, path: Path) -> None:
    journal.put_segments(SEGMENTS)
    journal.put_segments([Segment("new", OTHER, '"9"', OTHER)])
    journal.drop_segment("gone")
    journal.drop_segment("never was")
    found = {segment.key: segment for segment in recovered(journal, path).segments}
    assert found["new"].etag == '"9"'
    assert set(found) == {segment.key for segment in SEGMENTS} - {"gone"}


def test_a_write_under_way_is_unknown_after_a_restart(journal: Journal, path: Path) -> None:
    journal.put_segments([Segment("s", one, '"1"', OTHER, sent=Sent(OTHER, '"1"', "write-1"), out=True)])
    (found,) = recovered(journal, path).segments
    assert (found.phase, found.sent) == (Phase.UNKNOWN, Sent(OTHER, '"1"', "write-1"))


def test_ids_of_colleagues_cues_are_not_given_again(journal: Journal, path: Path) -> None:
    journal.checkpoint(snapshot_of(3), 4)
    journal.put_segments([Segment("s", Body("w", "", (cue(41),)), '"1"')])
    assert recovered(journal, path).next_id == 42


def test_after_flush_all_is_on_disk_before_the_journal_is_closed(journal: Journal, path: Path) -> None:
    journal.checkpoint(snapshot_of(2), 3)
    journal.flush().result(20)
    copy = path.with_name("copy.vttproj")
    for suffix in ("", "-wal"):
        copy.with_name(copy.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    other = Journal.open(copy, no_error)
    other.close()
    assert other.recovered is not None
    assert len(other.recovered.snapshot.cues) == 2


def test_a_closed_journal_takes_nothing(path: Path) -> None:
    journal = Journal.open(path, no_error)
    journal.close()
    journal.close()
    with pytest.raises(UserError, match="is closed"):
        journal.put_meta("a", "b")
    with pytest.raises(UserError, match="is closed"):
        journal.flush().result(20)
