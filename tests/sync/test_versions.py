"""The versions of a cue: what is known here, what the server tells, and who wrote what."""

import json
from datetime import UTC, datetime

from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.profile import Content, History
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced, decision_lines
from vtt_desktop.sync.versions import CueVersion, blame, seen_versions, together, told_versions

ONE = Cue(7, 1000, 2000, "one")


def body(cue: Cue) -> Body:
    return Body(cue.text, cues=(cue,))


def state(**segment: object) -> SyncState:
    made = SyncState()
    made.put([Segment("s", body(ONE), '"2"', **segment)])  # type: ignore[arg-type]
    return made


def row(text: str | None, etag: str, author: str, hour: int, start: str = "00:01.000") -> dict[str, object]:
    content = {"content": f"{start} --> 00:02.000\n{text}\n"}
    when = f"2026-01-01T{hour:02}:00:00Z"
    return {"etag": etag, "author": author, "modified": when, "document": content if text else None}


def told(*rows: object) -> tuple[CueVersion, ...]:
    return told_versions(rows, History("/h"), Codec(Content(), WebVTTSegmentText()), (ONE,), 7)


def test_what_is_synced_is_one_version() -> None:
    (only,) = seen_versions(state(mine=body(ONE)), 7, ONE)
    assert (only.cue, only.name, only.etag) == (ONE, "On the server", '"2"')


def test_a_conflict_shows_all_three() -> None:
    mine, theirs = ONE.with_(text="mine"), ONE.with_(text="theirs")
    found = seen_versions(state(mine=body(mine), theirs=Version(body(theirs), '"3"')), 7, mine)
    assert [(v.cue.text, v.etag) for v in found if v.cue] == [
        ("mine", None),
        ("theirs", '"3"'),
        ("one", '"2"'),
    ]
    assert [v.name for v in found][1] == "Theirs, waiting for your decision"


def test_what_was_put_aside_is_among_them_once() -> None:
    made = state(mine=body(ONE))
    old = Replaced(ONE.with_(text="mine"), ONE)
    made.diary.wall = lambda: 12.0
    made.tell(LogLine(7, "Merged with yours: text", None, LogKind.MERGED, old))
    made.tell(LogLine(7, "Decided", None, LogKind.DECIDED, old))
    made.tell(LogLine(8, "Decided", None, LogKind.DECIDED, old))
    found = seen_versions(made, 7, ONE)
    assert [(v.name, v.when) for v in found] == [("On the server", ""), ("Before: Decided", 12.0)]


def test_a_cue_of_a_local_file_has_its_own_version() -> None:
    assert [v.name for v in seen_versions(SyncState(), 7, ONE)] == ["Here"]


def test_the_servers_history_is_read_and_what_changed_nothing_left_out() -> None:
    found = told(
        row("three", '"3"', "Bo", 12),
        row("two", '"2"', "Ann", 11),
        row("two", '"1"', "Zoë", 10),
        {"etag": '"0"', "document": {"content": 5}},
    )
    assert [(v.cue.text, v.cue.id, v.etag, v.author) for v in found if v.cue] == [
        ("three", 7, '"3"', "Bo"),
        ("two", 7, '"1"', "Zoë"),
    ]


def test_a_removal_is_a_version_and_before_the_cue_was_made_is_none() -> None:
    found = told(row("back", '"4"', "Bo", 12), row(None, "", "Ann", 11), row("two", '"2"', "Ann", 10))
    assert [v.cue.text if v.cue else None for v in found] == ["back", None, "two"]
    assert told(row("two", '"2"', "Ann", 10), row(None, "", "Ann", 9))[-1].cue is not None


def test_rows_of_any_kind_do_no_harm() -> None:
    assert told(None, 5, "x", {}, {"document": "x"}, json.loads("[]")) == ()


def test_the_two_lists_become_one() -> None:
    mine = ONE.with_(text="mine")
    seen = seen_versions(state(mine=body(mine)), 7, mine)
    server = told(row("one", '"2"', "Ann", 11), row("first", '"1"', "Bo", 10))
    every = together(seen, server)
    assert [(v.name, v.author, v.cue.text) for v in every if v.cue] == [
        ("Here, not on the server yet", "", "mine"),
        ("On the server", "Ann", "one"),
        ("", "Bo", "first"),
    ]
    assert together(seen, ()) == seen


def test_what_was_put_aside_stands_where_its_time_puts_it() -> None:
    made = state(mine=body(ONE))
    theirs = ONE.with_(text="theirs")
    for hour, mine in ((9, "oldest"), (10, "middle"), (12, "newest")):
        made.diary.wall = lambda hour=hour: datetime(2026, 1, 1, hour, 30, tzinfo=UTC).timestamp()  # type: ignore[misc]
        conflict = Conflict(7, ONE, ONE.with_(text=mine), theirs, ConflictKind.EDIT)
        for line in decision_lines(conflict, theirs):
            made.tell(line)
    server = told(row("one", '"2"', "Ann", 11), row("first", '"1"', "Bo", 10))
    every = together(seen_versions(made, 7, ONE), server)
    assert [v.cue.text for v in every if v.cue] == ["newest", "one", "middle", "first", "oldest"]
    assert [v.name for v in every] == [
        "Yours, put aside",
        "On the server",
        "Yours, put aside",
        "",
        "Yours, put aside",
    ]
    untold = (CueVersion(ONE.with_(text="first"), etag='"1"', when="long ago"),)
    assert [v.cue.text for v in together(seen_versions(made, 7, ONE), untold) if v.cue][-3:] == [
        "newest",
        "middle",
        "oldest",
    ]


def test_each_field_is_by_who_gave_it_its_value() -> None:
    every = told(
        row("new words", '"3"', "Cem", 12, "00:01.100"),
        row("old words", '"2"', "Bo", 11, "00:01.100"),
        row("old words", '"1"', "Ann", 10),
    )
    by = {name: version.author for name, version in blame(every)}
    assert (by["text"], by["start"], by["end"]) == ("Cem", "Bo", "Ann")
    assert blame(seen_versions(state(mine=body(ONE)), 7, ONE)) == ()
