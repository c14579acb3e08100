"""Journals that are damaged, or are none: what can be read of them is offered, and nothing is thrown away."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.sync.journal_typing import PATIENCE, typed
from tests.sync.test_journal import Desk, every_kind_of_edit, exact, no_error, snapshot_of
from tests.sync.test_journal import cue as cue_of
from vtt_desktop.domain.document import Document
from vtt_desktop.domain.edits_text import insert_cue, remove_cues
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.segment import Segment

PAGE = 4096
EMPTY_LEAF = bytes((0x0D, 0, 0, 0, 0, PAGE >> 8, PAGE & 0xFF, 0)).ljust(PAGE, b"\0")
"""A page of a table without rows, written where another one was (SQLite's "Database File Format", 1.6)."""
SEGMENTS = 50


def test_damage_that_shows_while_writing_is_healed(tmp_path: Path) -> None:
    path = tmp_path / "film.vttproj"
    journal = Journal.open(path, no_error)
    desk = Desk(journal, snapshot_of(5))
    desk.checkpoint()
    journal.flush().result(PATIENCE)
    assert journal._place._file is not None
    journal._place._file._db.execute(
        "DROP TABLE log"
    )  # as near as one comes to a broken page without waiting for one
    typed(desk, "typed on")
    journal.flush().result(PATIENCE)
    desk.leave()
    journal.close()
    assert journal.set_aside == path.with_name("film.vttproj.damaged-1")
    after = Journal.open(path, no_error)
    after.close()
    assert after.recovered is not None
    assert exact(after.recovered.snapshot) == exact(desk.snapshot)


def written(path: Path) -> list[tuple[Any, ...]]:
    """A closed journal with a story in it, and every document that there was."""
    journal = Journal.open(path, no_error)
    desk = Desk(journal, snapshot_of(300))
    states = [exact(desk.snapshot)]
    desk.document.changed.connect(lambda change: states.append(exact(change.new)))
    desk.checkpoint()
    journal.put_meta("source", "film.vtt")
    every_kind_of_edit(desk)
    journal.put_segments(Segment(f"seg-{i}", etag=f'"{i}"') for i in range(SEGMENTS))
    desk.leave()
    journal.close()
    return states


def said(states: Sequence[tuple[Any, ...]]) -> tuple[set[tuple[int, str]], set[str]]:
    """Every text that a cue ever had, by the cue's id, and every text alone."""
    cues = [cue for state in states for cue, _ in state[1:]]
    return {(cue.id, cue.text) for cue in cues}, {cue.text for cue in cues}


def check_damaged(path: Path, states: list[tuple[Any, ...]]) -> str:
    """Opens what may be damaged and says how it ended: "untouched", "whole", "partly" or "nothing".

    Nothing is deleted. What comes back in place is all of it. Else what could be read is a project by itself,
    in which each cue says what it once said, and the one that was damaged begins anew.
    """
    broken = path.read_bytes()
    journal = Journal.open(path, no_error)
    found = journal.recovered
    if journal.set_aside is not None:
        assert journal.set_aside.read_bytes() == broken
    if found is not None:
        assert exact(found.snapshot) == states[-1] and len(found.segments) == SEGMENTS
        assert journal.rescued is None
        history = History(Document(found.snapshot, found.next_id), lambda: 0.0)
        for event in found.events:
            history.restore(event)
        while history.undo():
            pass
    desk = Desk(journal, snapshot_of(1)) if found is None else Desk.recovered(journal)
    if found is None:
        desk.checkpoint()
    typed(desk, "life goes on", desk.snapshot.cues[0].id)
    desk.leave()
    journal.close()
    after = Journal.open(path, no_error)
    after.close()
    assert after.set_aside is None and after.recovered is not None
    assert exact(after.recovered.snapshot) == exact(desk.snapshot)
    assert after.recovered.segments == (found.segments if found is not None else ())
    if journal.rescued is not None:
        assert journal.missing, "what is not there is named"
        check_rescued(journal.rescued, states)
        return "partly"
    if found is None:
        return "nothing"
    return "whole" if journal.set_aside is not None else "untouched"


def check_rescued(path: Path, states: Sequence[tuple[Any, ...]]) -> None:
    journal = Journal.open(path, no_error)
    found = journal.recovered
    assert found is not None and journal.set_aside is None
    ever, texts = said(states)
    # An id that was taken twice, by a step that was undone and another, belongs to either cue.
    for cue in found.snapshot.cues:
        assert (cue.id, cue.text) in ever or cue.text in texts
    assert not found.segments and not found.meta.keys() & {"base", "path"}, "it stands by itself"
    desk = Desk.recovered(journal)
    desk.do(insert_cue(cue_of(desk.document.new_id(), "a new one")))
    desk.leave()
    journal.close()


def test_every_page_in_turn(tmp_path: Path) -> None:
    original = tmp_path / "original.vttproj"
    states = written(original)
    whole = original.read_bytes()
    assert len(whole) > 15 * PAGE
    outcomes = set()
    for fill in (bytes(PAGE), random.Random(5).randbytes(PAGE), whole[-PAGE:]):
        for at in range(0, len(whole), PAGE):
            path = tmp_path / f"{at}.vttproj"
            path.write_bytes(whole[:at] + fill + whole[at + PAGE :])
            outcome = check_damaged(path, states)
            assert outcome in ("whole", "partly", "untouched"), f"page {at // PAGE + 1}: {outcome}"
            outcomes.add(outcome)
            for file in tmp_path.glob(f"{at}.*"):
                file.unlink()
    assert outcomes >= {"whole", "partly"}


def test_a_table_that_was_written_over_with_an_empty_one_is_noticed(tmp_path: Path) -> None:
    """Of a small project each table is one page; without its rows it is as sound as any for SQLite."""
    original = tmp_path / "original.vttproj"
    journal = Journal.open(original, no_error)
    journal.put_meta("base", "http://server.example")
    journal.put_segments([Segment("a", etag='"1"'), Segment("b", etag='"2"')])
    desk = Desk(journal, snapshot_of(2))
    desk.checkpoint()
    desk.leave()
    journal.close()
    whole = original.read_bytes()
    for at in range(PAGE, len(whole), PAGE):
        path = tmp_path / f"{at}.vttproj"
        path.write_bytes(whole[:at] + EMPTY_LEAF + whole[at + PAGE :])
        after = Journal.open(path, no_error)
        after.close()
        found = after.recovered
        if found is None:
            assert after.set_aside is not None and after.missing, f"page {at // PAGE + 1}"
        else:
            assert exact(found.snapshot) == exact(desk.snapshot), f"page {at // PAGE + 1}"
            assert (len(found.segments), [*found.meta]) == (2, ["base"]), f"page {at // PAGE + 1}"


def test_every_page_in_turn_of_one_that_was_killed(tmp_path: Path) -> None:
    """All is in the write-ahead log still: it counts as pages of the file."""
    path = tmp_path / "film.vttproj"
    journal = Journal.open(path, no_error)
    desk = Desk(journal, snapshot_of(300))
    desk.checkpoint()
    for i in range(20):
        typed(desk, f"typed {i}", 100 + i)
    desk.leave()
    journal.flush().result(PATIENCE)
    files = {suffix: path.with_name(path.name + suffix).read_bytes() for suffix in ("", "-wal")}
    journal.close()
    for at in range(0, len(files[""]), PAGE):
        copy = tmp_path / f"{at}.vttproj"
        copy.write_bytes(files[""][:at] + b"\xaa" * PAGE + files[""][at + PAGE :])
        copy.with_name(copy.name + "-wal").write_bytes(files["-wal"])
        after = Journal.open(copy, no_error)
        after.close()
        found = after.recovered
        if after.rescued is not None:
            rescued = Journal.open(after.rescued, no_error)
            rescued.close()
            found = rescued.recovered
        assert found is not None, f"page {at // PAGE + 1}"
        assert [c.text for c in found.snapshot.cues[99:119]] == [f"typed {i}" for i in range(20)]


def test_lost_cues_come_from_the_file_and_from_the_log(tmp_path: Path) -> None:
    """The document of the last checkpoint is gone whole; the file it began as and the log are there."""
    path = tmp_path / "film.vttproj"
    began = snapshot_of(10)
    for base, texts in ((lambda meta: began, 10), (lambda meta: None, 2)):
        journal = Journal.open(path, no_error, base)
        desk = Desk(journal, began)
        desk.checkpoint()
        typed(desk, "typed", 4)
        desk.do(remove_cues(desk.snapshot, [5]))
        desk.do(insert_cue(cue_of(desk.document.new_id(), "new"), follows=6))
        desk.checkpoint()
        typed(desk, "typed last", 7)
        desk.leave()
        journal.close()
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM chunk")
        connection.close()
        after = Journal.open(path, no_error, base)
        after.close()
        assert after.recovered is None and after.rescued is not None and "cues" in after.missing
        rescued = Journal.open(after.rescued, no_error)
        rescued.close()
        assert rescued.recovered is not None
        found = {c.id: c.text for c in rescued.recovered.snapshot.cues}
        assert (found[4], found[7], found[11], 5 in found) == ("typed", "typed last", "new", False)
        assert len(found) >= texts
        for file in tmp_path.iterdir():
            file.unlink()


def test_bytes_flipped_anywhere(tmp_path: Path) -> None:
    original = tmp_path / "original.vttproj"
    states = written(original)
    whole = original.read_bytes()
    chance = random.Random(7)
    outcomes = []
    for i in range(60):
        path = tmp_path / f"{i}.vttproj"
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 8, 200])):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        outcomes.append(check_damaged(path, states))
    assert {"whole", "partly"} <= set(outcomes)
    assert "nothing" not in outcomes, "something can always be read"


def test_a_hole_in_the_log_is_told_and_what_is_behind_it_counts(tmp_path: Path) -> None:
    path = tmp_path / "film.vttproj"
    journal = Journal.open(path, no_error)
    journal.put_segments([Segment("a")])
    desk = Desk(journal, snapshot_of(3))
    desk.checkpoint()
    for text in ("one", "two", "three"):
        typed(desk, text)
    desk.leave()
    journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM log WHERE seq = 2")
    connection.close()
    after = Journal.open(path, no_error)
    after.close()
    assert after.set_aside is not None and after.recovered is None and after.rescued is not None
    assert "edits" in after.missing
    rescued = Journal.open(after.rescued, no_error)
    rescued.close()
    assert rescued.recovered is not None
    assert rescued.recovered.snapshot.cues[0].text == "three", "what was typed after the hole counts"
    assert (rescued.recovered.events, rescued.recovered.segments) == ((), ())


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short(tmp_path: Path, share: float) -> None:
    path = tmp_path / "film.vttproj"
    states = written(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert check_damaged(path, states) == ("nothing" if share <= 0.1 else "partly")


def test_random_bytes_are_set_aside_each_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "film.vttproj"
    for number in (1, 2):
        noise = random.Random(number).randbytes(50_000)
        path.write_bytes(noise)
        journal = Journal.open(path, no_error)
        journal.close()
        assert (journal.recovered, journal.set_aside) == (None, tmp_path / f"film.vttproj.damaged-{number}")
        assert journal.set_aside.read_bytes() == noise


@pytest.mark.parametrize("kind", ["picture", "database"])
def test_what_is_no_project_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "something.dat"
    if kind == "picture":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE t (x)")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"something.dat is not a project of this program"):
        Journal.open(path, no_error)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "film.vttproj"
    written(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    for _ in range(2):  # the first attempt does not keep the lock
        with pytest.raises(UserError, match="written by a newer version"):
            Journal.open(path, no_error)
    assert path.read_bytes() == before
