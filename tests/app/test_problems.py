"""The author's checks keep up with the document: after any edits they say what a check from nothing says."""

from collections.abc import Awaitable

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import run_now
from vtt_desktop.app.problems import FEW, LiveProblems
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.edits_text import remove_cues, set_identifier, set_settings, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_webvtt
from vtt_desktop.quality.checker import check_quality, check_twice
from vtt_desktop.quality.profiles import load_profile
from vtt_desktop.ui.authoring import ProblemsChange


class Checked:
    """A session under checks that end with each edit, and a copy made of what is told."""

    def __init__(self, session: DeskSession) -> None:
        self.session = session
        self.problems = LiveProblems(run_now)
        self.copy: list[object] = []
        self.problems.changed.connect(self._told)
        self.problems.set_session(session)

    def _told(self, change: ProblemsChange) -> None:
        self.copy[change.at : change.at + change.gone] = change.fresh

    @property
    def rules(self) -> list[tuple[str, int | None]]:
        assert self.copy == self.problems.rows
        return [(problem.rule, problem.cue_id) for problem in self.problems.rows]


def expected(session: DeskSession) -> list[tuple[int, str]]:
    snapshot = session.document.snapshot
    found = [*check_webvtt(snapshot), *check_twice(snapshot.cues)]
    rows = [(snapshot.cues.index_of(p.cue_id) if p.cue_id is not None else -1, p.rule) for p in found]
    return sorted(row for row in rows if row[1] != "unknown-block")


def listed(problems: LiveProblems, session: DeskSession) -> list[tuple[int, str]]:
    cues = session.document.snapshot.cues
    rows = [(cues.index_of(p.cue_id) if p.cue_id is not None else -1, p.rule) for p in problems.rows]
    assert [at for at, _ in rows] == sorted(at for at, _ in rows)
    return sorted(row for row in rows if row[1] != "unknown-block")


def test_an_edit_brings_and_takes_its_problem() -> None:
    desk = Checked(DeskSession(some_cues(5), head=Head(b"WEBVTT")))
    session, snapshot = desk.session, lambda: desk.session.document.snapshot
    assert desk.rules == []
    session.submit(set_text(snapshot(), 4, "a & b"))
    session.submit(set_text(snapshot(), 2, "<i>a"))
    session.submit(set_settings(snapshot(), 2, "line:x"))
    assert desk.rules == [("bad-setting", 2), ("unclosed-tag", 2), ("bare-ampersand", 4)]
    session.submit(set_text(snapshot(), 2, "<i>a</i>"))
    assert desk.rules == [("bad-setting", 2), ("bare-ampersand", 4)]
    assert [desk.problems.has(i) for i in (1, 2, 4)] == [False, True, True]
    session.submit(remove_cues(snapshot(), [2]))
    assert desk.rules == [("bare-ampersand", 4)]
    session.undo()
    assert desk.rules == [("bad-setting", 2), ("bare-ampersand", 4)]


def test_order_and_identifiers_are_about_neighbours() -> None:
    desk = Checked(DeskSession(some_cues(5), head=Head(b"WEBVTT")))
    session, snapshot = desk.session, lambda: desk.session.document.snapshot
    session.submit(set_times(snapshot(), 2, 6500, 6600))
    assert desk.rules == [("start-order", 3)]
    session.submit(set_identifier(snapshot(), 1, "x"))
    session.submit(set_identifier(snapshot(), 3, "x"))
    assert desk.rules == [("start-order", 3), ("identifier-twice", 3)]
    session.submit(remove_cues(snapshot(), [1, 2]))
    assert desk.rules == []


def test_the_head_decides_which_regions_there_are() -> None:
    desk = Checked(DeskSession(some_cues(3), head=Head(b"WEBVTT")))
    session = desk.session
    session.submit(set_settings(session.document.snapshot, 2, "region:r"))
    assert desk.rules == [("undefined-region", 2)]
    before = session.document.snapshot.head
    after = Head(b"WEBVTT\n\nREGION\nid:r\n\nREGION\nwidth:3%")
    session.submit(Edit("Region", (HeadChange(before, after),)))
    assert desk.rules == [("region-without-id", None)]


def test_another_format_has_no_such_problems() -> None:
    session = DeskSession([some_cues(1)[0].with_(text="a & b <i>")])
    session.format_name = "SubRip"
    assert Checked(session).rules == []


def test_blocks_that_a_player_skips_are_listed_with_the_cue_behind_them() -> None:
    file = read_webvtt(
        b"WEBVTT\n\n00:01.000 --> 00:02.000\na\n\nwhat is this\n\n00:03.000 --> 00:04.000\nb\n"
    )
    session = DeskSession(file.snapshot.cues, head=file.snapshot.head)
    assert Checked(session).rules == [("unknown-block", 2)]


def test_a_block_that_a_player_skips_is_listed_behind_the_last_cue_too() -> None:
    file = read_webvtt(b"WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:03.00\nThis is no cue yet\n")
    desk = Checked(DeskSession(file.snapshot.cues, head=file.snapshot.head))
    assert desk.rules == [("unknown-block", None)]
    head = desk.session.document.snapshot.head
    for tail, found in ((b"\nNOTE a comment\n", []), (b"\nno times\n", [("unknown-block", None)])):
        changed = Head(head.text, tail)
        desk.session.submit(Edit("Tail", (HeadChange(desk.session.document.snapshot.head, changed),)))
        assert desk.rules == found


async def test_a_large_document_is_checked_in_parts_and_what_is_edited_meanwhile_counts() -> None:
    cues = [cue.with_(text="a & b") if cue.id % 3000 == 1 else cue for cue in some_cues(9000)]
    session, tasks = DeskSession(cues, head=Head(b"WEBVTT")), Tasks()
    problems = LiveProblems(lambda work: tasks.spawn(_plain(work), "a check"))
    problems.set_session(session)
    assert problems.checking
    session.submit(set_text(session.document.snapshot, 8000, "a &b"))
    session.submit(set_text(session.document.snapshot, 1, "mended"))
    session.submit(remove_cues(session.document.snapshot, [3001]))
    assert listed(problems, session) == [(7998, "bare-ampersand")]
    await tasks.until_idle()
    assert not problems.checking
    assert listed(problems, session) == [(5999, "bare-ampersand"), (7998, "bare-ampersand")]
    everyone = [CueChange(c, c.with_(text="<b>")) for c in session.document.snapshot.cues[: FEW + 1]]
    session.submit(Edit("All", tuple(everyone)))
    other = DeskSession(some_cues(2), head=Head(b"WEBVTT"))
    problems.set_session(other)  # while the worker still looks at the one before
    await tasks.until_idle()
    assert problems.rows == []
    problems.set_session(session)
    await tasks.until_idle()
    assert listed(problems, session) == expected(session)


def test_a_profile_is_kept_up_with_too_gaps_and_all() -> None:
    cues = [cue.with_(start=i * 3000, end=i * 3000 + 2000) for i, cue in enumerate(some_cues(600))]
    desk = Checked(DeskSession(cues, head=Head(b"WEBVTT")))
    session, snapshot = desk.session, lambda: desk.session.document.snapshot
    profile = load_profile("netflix-en")

    def expect() -> None:
        wanted = [*check_webvtt(snapshot()), *check_quality(snapshot().cues, profile)]
        rows = [(snapshot().cues.index_of(p.cue_id), p.rule) for p in wanted if p.cue_id is not None]
        assert listed(desk.problems, session) == sorted(rows)

    assert ("netflix-en", profile.title) in desk.problems.profiles
    assert all(load_profile(name).title == title for name, title in desk.problems.profiles)
    desk.problems.set_profile("netflix-en")
    expect()
    session.submit(set_times(snapshot(), 256, 255 * 3000, 256 * 3000 - 10))
    expect()
    assert any(rule.startswith("gap") for rule, _ in desk.rules)
    session.submit(set_text(snapshot(), 300, "x" * 90))
    expect()
    session.submit(set_times(snapshot(), 100, 1_000_000, 1_002_000))  # out of order
    expect()
    session.undo()
    session.undo()
    session.undo()
    expect()
    desk.problems.set_profile("")
    assert desk.rules == []


async def _plain(work: Awaitable[object]) -> None:
    await work


def test_chapters_that_cross_are_found_while_they_are_edited() -> None:
    cues = [cue.with_(text=f"Chapter {cue.id}") for cue in some_cues(600)]
    desk = Checked(DeskSession(cues, head=Head(b"WEBVTT\nKind: chapters")))
    session, snapshot = desk.session, lambda: desk.session.document.snapshot

    def expect() -> list[tuple[str, int | None]]:
        found = check_webvtt(snapshot(), kind="chapters")
        assert sorted(desk.rules) == sorted((problem.rule, problem.cue_id) for problem in found)
        return desk.rules

    assert expect() == []
    session.submit(set_times(snapshot(), 300, 299 * 3000, 300 * 3000 + 500))
    assert expect() == [("chapters-cross", 301)]
    session.submit(set_times(snapshot(), 300, 299 * 3000, 301 * 3000))
    assert expect() == []
    session.submit(set_times(snapshot(), 1, 0, 400 * 3000 + 500))
    assert expect() == [("chapters-cross", 401)]
    session.submit(set_times(snapshot(), 10, 0, 100))  # out of order
    session.submit(set_times(snapshot(), 500, 499 * 3000, 500 * 3000 + 1))
    assert ("chapters-cross", 501) in expect()
    session.undo()
    session.undo()
    assert expect() == [("chapters-cross", 401)]
    before = snapshot().head
    session.submit(Edit("Kind", (HeadChange(before, Head(b"WEBVTT")),)))
    assert desk.rules == []
