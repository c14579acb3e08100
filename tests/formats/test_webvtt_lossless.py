"""A WebVTT file comes back byte for byte except where touched."""

from pathlib import Path

import pytest

from tests.formats import corpus
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import FIRST, Edit, Head
from vtt_desktop.domain.edits_text import (
    insert_cue,
    merge_cues,
    remove_cues,
    set_identifier,
    set_settings,
    set_text,
)
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_write import write_webvtt

ODD = (
    b"\xef\xbb\xbfWEBVTT some title\r\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\r\n\r\n"
    b"STYLE\r\n::cue { color: red }\r\n\r\nNOTE\r\nabout the first\r\n\r\n"
    b"one\r\n00:01.000-->00:02.000   align:start\tline:0 \r\nHello\r\nWorld \x00 \xff\r\n\r\n\r\n"
    b"junk\r\n\r\n00:00:02.000 --> 00:00:03.000\nmixed\r00:03.000 --> 00:04.000\rglued\r\n\r\n"
    b"2:00:00.000 --> 3:00:00.000\r\n\r\nNOTE the end"
)


def changed(data: bytes, edit_of) -> bytes:
    snapshot = read_webvtt(data).snapshot
    made = edit_of(snapshot)
    return write_webvtt(applied(snapshot, made))


@corpus.needs_corpus
@pytest.mark.parametrize("path", corpus.files(".vtt"), ids=lambda p: p.stem)
def test_every_accepted_file_of_the_corpora_comes_back(path: Path) -> None:
    data = path.read_bytes()
    try:
        snapshot = read_webvtt(data).snapshot
    except UserError:
        assert path.with_suffix(".json").read_text().find('"reject": true') > 0
        return
    assert write_webvtt(snapshot) == data
    every_cue_made = Snapshot(snapshot.head, CueList.of(snapshot.cues))
    assert write_webvtt(every_cue_made) == data


def test_odd_file_is_read_and_comes_back() -> None:
    file = read_webvtt(ODD)
    assert [(c.identifier, c.start, c.end, c.settings, c.text) for c in file.snapshot.cues] == [
        ("one", 1000, 2000, "align:start\tline:0", "Hello\nWorld \ufffd \ufffd"),
        ("", 2000, 3000, "", "mixed"),
        ("", 3000, 4000, "", "glued"),
        ("", 7_200_000, 10_800_000, "", ""),
    ]
    assert file.header == ("WEBVTT some title", "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000")
    assert file.styles == ("::cue { color: red }",)
    assert file.notes == ("about the first", "the end")
    assert b"about the first" in file.snapshot.cues[0].lead  # a NOTE travels with the cue behind it
    assert file.snapshot.head.text.endswith(b"{ color: red }")
    assert write_webvtt(file.snapshot) == ODD


@pytest.mark.parametrize(
    ("edit_of", "old", "new"),
    [
        (lambda s: set_text(s, 1, "Bye"), b"Hello\r\nWorld \x00 \xff", b"Bye"),
        (lambda s: set_text(s, 2, "two\nlines"), b"mixed", b"two\nlines"),
        (lambda s: set_times(s, 1, 1000, 2500), b"00:01.000-->00:02.000   ", b"00:01.000 --> 00:02.500 "),
        (lambda s: set_times(s, 2, 2000, 2500), b"00:00:03.000", b"00:00:02.500"),
        (lambda s: set_settings(s, 2, "size:50%"), b"03.000\nmixed", b"03.000 size:50%\nmixed"),
        (lambda s: set_identifier(s, 1, ""), b"one\r\n", b""),
        (lambda s: set_identifier(s, 3, "x"), b"\r00:03.000", b"\r\rx\r00:03.000"),
        (lambda s: set_text(s, 4, "now"), b"3:00:00.000\r\n", b"3:00:00.000\r\nnow\r\n"),
        (lambda s: remove_cues(s, [2]), b"\r\n\r\n\r\njunk\r\n\r\n00:00:02.000 --> 00:00:03.000\nmixed", b""),
    ],
)
def test_one_edit_changes_one_place(edit_of, old: bytes, new: bytes) -> None:
    before, found, after = ODD.partition(old)
    assert found
    out = changed(ODD, edit_of)
    # The settings of cue 1 are kept as written, its odd spacing round them is made plain with the line.
    assert out.replace(b"align:start\tline:0\r", b"align:start\tline:0 \r") == before + new + after


def test_an_inserted_cue_follows_the_style_of_the_file() -> None:
    cue = Cue(9, 500, 900, "in\nbetween", identifier="new")
    out = changed(ODD, lambda s: insert_cue(cue, 1))
    assert out.count(b"\r\n\r\nnew\r\n00:00.500 --> 00:00.900\r\nin\r\nbetween") == 1
    assert [c.text for c in read_webvtt(out).snapshot.cues][1] == "in\nbetween"


@pytest.mark.parametrize("start", [b"WEBVTT", b"WEBVTT\n", b"WEBVTT\n\n", b"WEBVTT\nKind: x\n\nNOTE y", b""])
def test_a_first_cue_in_a_file_without_any(start: bytes) -> None:
    snapshot = read_webvtt(start).snapshot if start else Snapshot()
    out = write_webvtt(applied(snapshot, insert_cue(Cue(1, 0, 1000, "a"), FIRST)))
    again = read_webvtt(out)
    assert [(c.start, c.end, c.text) for c in again.snapshot.cues] == [(0, 1000, "a")]
    assert out.startswith(start.rstrip().removesuffix(b"NOTE y"))


def test_removing_the_first_cue_leaves_the_rest_readable() -> None:
    data = b"WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb\n"
    out = changed(data, lambda s: remove_cues(s, [1]))
    assert [c.text for c in read_webvtt(out).snapshot.cues] == ["b"]


def test_a_head_that_changed_does_not_grow_into_the_first_cue() -> None:
    snapshot = read_webvtt(b"WEBVTT\n00:01.000 --> 00:02.000\na").snapshot
    out = write_webvtt(Snapshot(Head(b"WEBVTT\n\nNOTE"), snapshot.cues))
    assert out == b"WEBVTT\n\nNOTE\n\n00:01.000 --> 00:02.000\na"
    assert [(c.identifier, c.text) for c in read_webvtt(out).snapshot.cues] == [("", "a")]


def test_what_a_cue_cannot_hold_is_made_to_fit() -> None:
    snapshot = read_webvtt(b"WEBVTT\n\n00:01.000 --> 00:02.000\na").snapshot
    cue = snapshot.cues[0]
    bad = cue.with_(text="one\n\ntwo --> three", identifier="x --> y", settings="line:0\n-->")
    out = write_webvtt(Snapshot(snapshot.head, snapshot.cues.replaced({1: bad})))
    again = read_webvtt(out).snapshot.cues
    assert [(c.text, c.start) for c in again] == [("one\ntwo --&gt; three", 1000)]


def test_undo_gives_the_original_bytes() -> None:
    snapshot = read_webvtt(ODD).snapshot
    edits: list[Edit] = []
    now = snapshot
    for make in (
        lambda s: remove_cues(s, [1, 3]),
        lambda s: set_text(s, 2, "x"),
        lambda s: set_times(s, 4, 0, 1),
    ):
        edits.append(make(now))
        now = applied(now, edits[-1])
    for edit in reversed(edits):
        now = applied(now, edit.inverse())
    assert write_webvtt(now) == ODD


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"webvtt",
        b"WEBVTT\x0c",
        b"\xef\xbb\xbf\xef\xbb\xbfWEBVTT",
        b"WEBVTTx\n",
        "WEBVTT".encode("utf-16"),
    ],
)
def test_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^a\.vtt is not a WebVTT file: .+\.$"):
        read_webvtt(data, "a.vtt")


def test_a_merge_takes_the_notes_along_and_its_undo_gives_the_very_bytes_back() -> None:
    between = b"NOTE  two\r\nlines \xff\r\n\r\n\nNOTE\tthree\n\n\n"
    one, two = b"id\n00:01.000 --> 00:02.000\na", b"00:02.000 --> 00:03.000\r\nb"
    last = b"\n\nNOTE of the last\n\n00:04.000 --> 00:05.000\nc\n"
    data = b"WEBVTT\n\nNOTE 1\n\n\n" + one + b"\n\n\n" + between + two + last
    before = read_webvtt(data).snapshot
    edit = merge_cues(before, [cue.id for cue in before.cues][:2])
    after = applied(before, edit)
    merged = b"id\n00:01.000 --> 00:03.000\na\nb"
    made = write_webvtt(after)
    assert made == b"WEBVTT\n\nNOTE 1\n\n\n" + between + merged + last
    assert [cue.lead for cue in read_webvtt(made).snapshot.cues] == [cue.lead for cue in after.cues]
    assert write_webvtt(applied(after, edit.inverse())) == data
