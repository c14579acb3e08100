"""The sync log: its order, its bounds, its words, and that it is there again after a restart."""

from pathlib import Path

import pytest

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.merge import merge_cue
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.journal_file import JournalFile
from vtt_desktop.sync.sync_log import (
    KEPT,
    LogKind,
    LogLine,
    Replaced,
    SyncLog,
    Told,
    changed_words,
    conflict_line,
    decision_lines,
    removal_lines,
    sent_words,
)

ONE = Cue(1, 1000, 2000, "one")
OTHER = ONE.with_(id=12)


def test_lines_are_numbered_whatever_the_clock_does() -> None:
    log = SyncLog()
    times = iter([500.0, 100.0, 100.0])
    log.wall = lambda: next(times)
    for words in "abc":
        log.tell(LogLine(1, words))
    assert [(line.number, line.words, line.at) for line in log.lines] == [
        (1, "a", 500.0),
        (2, "b", 100.0),
        (3, "c", 100.0),
    ]


def test_many_saves_do_not_push_out_what_can_be_put_back() -> None:
    log = SyncLog()
    told: list[Told] = []
    log.told.connect(told.append)
    log.tell(LogLine(1, "merged", kind=LogKind.MERGED, replaced=Replaced(ONE, ONE.with_(text="uno"))))
    for _ in range(KEPT + 5):
        log.tell(LogLine(1, "saved"))
    assert log.lines[0].words == "merged" and len(log.lines) == KEPT + 1
    assert [each.dropped for each in told if each.dropped] == [2, 3, 4, 5, 6]
    kept = {each.line.number for each in told} - {each.dropped for each in told}
    assert kept == {line.number for line in log.lines}


def test_what_was_heard_between_two_versions_of_a_cue_may_be_newer_than_the_second() -> None:
    """An answer that was on its way when something else was heard may show an older state."""
    log = SyncLog()

    def heard(cue_id: int, tag: str, after: Cue | None) -> None:
        log.tell(LogLine(cue_id, "Taken over", tag, LogKind.TAKEN, Replaced(ONE.with_(id=cue_id), after)))

    heard(1, '"1"', ONE.with_(text="uno"))
    heard(9, '"2"', None)
    heard(1, '"3"', ONE.with_(text="dos"))
    heard(1, '"3"', ONE.with_(text="dos"))
    assert [line.cue_id for line in log.others_since([1], 0, 0) if line.cue_id != 1] == [9]
    heard(1, '"4"', ONE.with_(text="tres"))
    assert [line.cue_id for line in log.others_since([1], 0, 0) if line.cue_id != 1] == []


def test_what_is_in_words() -> None:
    theirs = ONE.with_(text="<v Ann>uno", start=900, settings="align:start")
    assert changed_words(ONE, theirs) == "in-time, speaker, text, align"
    assert changed_words(None, ONE) == "a new cue" and changed_words(ONE, None) == "a removal"
    assert changed_words(Head(b"a"), Head(b"b")) == "the header"
    base, sent = Body("a", cues=(ONE,)), Body("b", cues=(theirs,))
    assert sent_words(base, sent) == "in-time, speaker, text, align"
    assert sent_words(base, Body("a", "z", (ONE,))) == "its place"
    assert sent_words(None, base) == "a new cue" and sent_words(base, None) == "a removal"


def conflict(mine: Cue | None, theirs: Cue | None) -> Conflict:
    fields = merge_cue(ONE, mine, theirs).conflicts if mine is not None and theirs is not None else ()
    return Conflict(1, ONE, mine, theirs, ConflictKind.EDIT, fields)


@pytest.mark.parametrize(
    ("choice", "aside"),
    [("mine", ["theirs"]), ("keep_mine", ["theirs"]), ("theirs", ["mine"]), ("take_theirs", ["mine"])],
)
def test_what_was_not_chosen_can_be_put_back(choice: str, aside: list[str]) -> None:
    one = conflict(ONE.with_(text="mine", start=900), ONE.with_(text="theirs", end=2100))
    lines = decision_lines(one, getattr(one, choice))
    assert [line.replaced.before.text for line in lines if line.replaced] == aside  # type: ignore[union-attr]


def test_of_something_composed_both_sides_can_be_put_back() -> None:
    one = conflict(ONE.with_(text="mine"), ONE.with_(text="theirs"))
    lines = decision_lines(one, ONE.with_(text="both"))
    assert [line.replaced.before for line in lines if line.replaced] == [one.mine, one.theirs]


def test_a_removal_that_was_not_chosen_can_be_put_back() -> None:
    mine = ONE.with_(text="mine")
    (line,) = decision_lines(conflict(mine, None), mine)
    assert line.replaced == Replaced(None, mine)
    (line,) = decision_lines(conflict(mine, None), None)
    assert line.replaced == Replaced(mine, None)


def test_a_removal_that_was_sent_is_told_by_its_cues_and_can_be_put_back() -> None:
    two = ONE.with_(id=2, start=61_000, end=62_000, text="<i>a</i>\nsecond line " + "on " * 20)
    first, second = removal_lines(Body("", "", (ONE, two)), '"7"')
    assert (first.cue_id, first.etag, first.kind) == (1, '"7"', LogKind.SENT)
    assert first.words == f"Saved: a removal, 00:00:01.000 “{ONE.text}”"
    assert second.words.startswith("Saved: a removal, 00:01:01.000 “a second line on")
    assert (
        len(second.words) < 80 and second.words.endswith(" on…”") and second.replaced == Replaced(two, None)
    )
    (header,) = removal_lines(Body("", "", ()), '"7"')
    assert (header.cue_id, header.words) == (0, "Saved: a removal")


def test_many_removals_that_were_sent_push_out_nothing_that_was_decided() -> None:
    log = SyncLog()
    log.tell(LogLine(9, "Decided", None, LogKind.DECIDED, Replaced(ONE, None)))
    for _ in range(KEPT + 1):
        log.tell(LogLine(1, "Saved: a removal", None, LogKind.SENT, Replaced(ONE, None)))
    assert [line.words for line in log.lines][:2] == ["Decided", "Saved: a removal"]
    assert len(log.lines) == KEPT + 1


# On disk ------------------------------------------------------------------------------------------

LINES = (
    LogLine(1, "Saved: text", '"2-x"', LogKind.SENT, None, 1, 1.5),
    LogLine(7, "Merged", 'W/"é\udcff"', LogKind.MERGED, Replaced(ONE, ONE.with_(lead=b"\xff\0")), 2),
    LogLine(9, "Decided", None, LogKind.DECIDED, Replaced(None, ONE), 3, others=(Replaced(ONE, OTHER),)),
    LogLine(0, "Header", None, LogKind.DECIDED, Replaced(Head(b"\xff", b"t"), Head()), 4),
)


def opened(path: Path) -> Journal:
    return Journal.open(path, lambda sentence: None)


def test_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    journal = opened(tmp_path / "a.vttproj")
    journal.checkpoint(Snapshot(), 2)
    for line in LINES:
        journal.tell(line)
    journal.close()
    again = opened(tmp_path / "a.vttproj")
    assert again.recovered is not None and again.recovered.told == LINES
    assert again.recovered.next_id == 13  # what is put back must not meet another cue of its id
    again.tell(LogLine(1, "new", number=5), dropped=1)
    again.close()
    third = opened(tmp_path / "a.vttproj")
    assert third.recovered is not None
    assert [line.number for line in third.recovered.told] == [2, 3, 4, 5]
    log = SyncLog()
    log.restore(third.recovered.told)
    log.tell(LogLine(1, "after all"))
    assert log.lines[-1].number == 6
    third.close()


def test_a_source_is_kept_for_a_cue_that_is_put_back(tmp_path: Path) -> None:
    source = Source("", 1000, 2000, "", "one", b"00:01.000 --> 00:02.000  \r\none")
    journal = opened(tmp_path / "a.vttproj")
    journal.tell(LogLine(1, "x", replaced=Replaced(ONE.with_(source=source), None), number=1))
    journal.close()
    again = opened(tmp_path / "a.vttproj")
    assert again.recovered is not None and again.recovered.told[0].replaced is not None
    before = again.recovered.told[0].replaced.before
    assert isinstance(before, Cue) and before.source == source
    again.close()


def test_a_project_of_an_earlier_version_opens_and_gets_a_log(tmp_path: Path) -> None:
    path = tmp_path / "a.vttproj"
    file, _ = JournalFile.create(path)
    assert not file._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'told'").fetchall()
    file.close()
    journal = opened(path)
    journal.tell(LINES[0])
    journal.close()
    again = opened(path)
    assert again.set_aside is None and again.recovered is not None and again.recovered.told == LINES[:1]
    again.close()


def test_a_file_that_goes_under_us_is_written_again_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "a.vttproj"
    journal = opened(path)
    journal.checkpoint(Snapshot(), 2)
    journal.tell(LINES[0])
    journal.flush().result(10)
    path.unlink()
    journal.tell(LINES[1])
    journal.close()
    again = opened(path)
    assert again.recovered is not None and again.recovered.told == LINES[:2]
    again.close()


def test_a_damaged_line_leaves_the_document_and_the_other_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.vttproj"
    journal = opened(path)
    journal.checkpoint(Snapshot(), 2)
    journal.put_meta("title", "kept")
    for line in LINES:
        journal.tell(line)
    journal.close()
    file, _ = JournalFile.open(path)
    file._db.execute("UPDATE told SET body = x'6a00000000ff' WHERE number = 2")
    file.close()
    again = opened(path)
    assert again.set_aside is not None and again.recovered is not None
    assert again.recovered.meta == {"title": "kept"}
    assert [line.number for line in again.recovered.told] == [1, 3, 4]
    again.close()


def test_a_conflict_that_opens_is_written_down() -> None:
    mine, theirs = ONE.with_(text="mine"), ONE.with_(text="theirs", end=2100)
    line = conflict_line(conflict(mine, theirs), '"7"')
    assert (line.cue_id, line.etag) == (1, '"7"')
    assert line.words == "Conflict: both sides changed text; it waits for you"
    assert "removed by someone else" in conflict_line(conflict(mine, None)).words
    assert "removed here" in conflict_line(conflict(None, theirs)).words
    assert "header" in conflict_line(Conflict(0, None, None, None, ConflictKind.HEAD)).words
