"""The head block by block: what is edited is what was asked for, and no other byte of the file changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_document import comment_of, set_comment, set_head, set_setting
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import Kind
from vtt_desktop.formats.webvtt_head import (
    head_parts,
    relined,
    with_new_part,
    with_part,
    with_region_setting,
    without_part,
)
from vtt_desktop.formats.webvtt_write import write_webvtt

_EOL = st.sampled_from(["\n", "\r\n", "\r"])
_BLOCK = st.sampled_from(
    ["STYLE\n::cue { color: red }", "REGION\nid:a width:40%\nlines:2", "NOTE x", "NOTE\ny\nz", "junk\nmore"]
    + ["STYLE \n/* é */\n::cue(b) {}", "REGION\t\nid:b"]
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file with odd but accepted spacing, each line end of any kind."""
    first = draw(st.sampled_from(["WEBVTT", "\ufeffWEBVTT a title", "WEBVTT\nKind: captions\nLanguage: en"]))
    blocks = [first, *draw(st.lists(_BLOCK, max_size=5))]
    cues = draw(st.integers(0, 3))
    for number in range(cues):
        blocks += draw(st.lists(st.sampled_from(["NOTE n", "NOTE\nlong\nnote", "odd"]), max_size=2))
        blocks.append(f"00:0{number}.000 --> 00:0{number}.500\ntext {number}")
    text = "".join(block + "\n" * draw(st.integers(2, 4)) for block in blocks)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    eol = draw(_EOL)
    return "".join(eol if c == "\n" else c for c in text).encode()


def block_bytes(head: bytes) -> list[bytes]:
    return [head[part.start : part.end] for part in head_parts(head)]


@given(files(), st.data())
def test_one_block_edited_leaves_all_other_bytes(data: bytes, draw: st.DataObject) -> None:
    snapshot = read_webvtt(data).snapshot
    head = snapshot.head.text
    parts = head_parts(head)
    at = draw.draw(st.integers(0, len(parts) - 1))
    text = "WEBVTT other\nX: y" if at == 0 else draw.draw(st.sampled_from(["id:q", "a\nb", "/* ü */"]))
    if parts[at].kind in (Kind.NOTE, Kind.JUNK):
        text = f"{parts[at].text.split()[0]} other"
    fresh = with_part(head, at, text)
    assert head_parts(fresh)[at].text == text
    tail = len(head) - parts[at].end
    assert fresh[: parts[at].start] == head[: parts[at].start]
    assert fresh[len(fresh) - tail :] == head[parts[at].end :]
    assert with_part(head, at, parts[at].text) == head
    document = Document(snapshot)
    document.apply(set_head(snapshot, Head(fresh, snapshot.head.tail), "Edit head"))
    written = write_webvtt(document.snapshot)
    assert written == fresh + data[len(head) :]
    assert write_webvtt(read_webvtt(written).snapshot) == written


@given(files(), st.sampled_from([Kind.STYLE, Kind.REGION]), st.sampled_from(["id:n", "a\nb"]))
def test_a_block_that_is_added_and_taken_away_leaves_what_was(data: bytes, kind: Kind, text: str) -> None:
    head = read_webvtt(data).snapshot.head.text
    more = with_new_part(head, kind, text)
    assert more.startswith(head)
    assert (head_parts(more)[-1].kind, head_parts(more)[-1].text) == (kind, text)
    assert without_part(more, len(head_parts(more)) - 1) == head
    again = read_webvtt(more + data[len(head) :]).snapshot
    assert again.head.text.startswith(more)
    assert len(again.cues) == len(read_webvtt(data).snapshot.cues)


@pytest.mark.parametrize("text", ["a --> b", "", "\n\n", "a -->"])
def test_what_no_block_can_hold_is_refused(text: str) -> None:
    head = b"WEBVTT\n\nSTYLE\n::cue {}"
    for at in (0, 1):
        with pytest.raises(UserError):
            with_part(head, at, text)


def test_the_header_must_stay_a_header() -> None:
    with pytest.raises(UserError, match="must begin with WEBVTT"):
        with_part(b"WEBVTT\nKind: x", 0, "WEBVTTX")
    assert with_part(b"\xef\xbb\xbfWEBVTT\r\nKind: x", 0, "WEBVTT t\nKind: y\nA: b") == (
        b"\xef\xbb\xbfWEBVTT t\r\nKind: y\r\nA: b"
    )


def test_lines_that_stay_keep_bytes_that_are_no_text() -> None:
    assert relined(b"a\xff\r\nb\nc", "a\ufffd\nnew\nc", b"\n") == b"a\xff\r\nnew\r\nc"


@pytest.mark.parametrize(
    ("text", "name", "value", "expected"),
    [
        ("id:a\nwidth:40%", "width", "50%", "id:a\nwidth:50%"),
        ("id:a width:40% lines:3", "width", "", "id:a lines:3"),
        ("id:a\nwidth:40%\nlines:3", "width", "", "id:a\nlines:3"),
        ("id:a\nwidth:40%", "scroll", "up", "id:a\nwidth:40%\nscroll:up"),
        ("id:a width:40%", "scroll", "up", "id:a width:40% scroll:up"),
        ("id:a id:b", "id", "c", "id:a id:c"),
        ("", "id", "a", "id:a"),
        ("id:a", "lines", "", "id:a"),
    ],
)
def test_region_settings_one_by_one(text: str, name: str, value: str, expected: str) -> None:
    assert with_region_setting(text, name, value) == expected


# Comments


_COMMENT = st.text(st.sampled_from("ab é-> \n\t\r&<"), max_size=12)


@given(files(), st.data(), _COMMENT)
def test_a_comment_is_read_back_and_no_other_byte_changes(
    data: bytes, draw: st.DataObject, text: str
) -> None:
    snapshot = read_webvtt(data).snapshot
    if not len(snapshot.cues):
        return
    at = draw.draw(st.integers(0, len(snapshot.cues) - 1))
    cue = snapshot.cues[at]
    document = Document(snapshot)
    try:
        edit = set_comment(snapshot, cue.id, text)
    except UserError:
        assert "-->" in text
        return
    if edit.changes:
        document.apply(edit)
    written = write_webvtt(document.snapshot)
    again = read_webvtt(written).snapshot
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if lines or cue.lead.count(b"NOTE") < 2:  # without the last of several, the one before it is next
        assert comment_of(again.cues[at].lead) == "\n".join(lines).strip(" \t\n")
    others = [cue.lead for i, cue in enumerate(again.cues) if i != at]
    assert others == [cue.lead for i, cue in enumerate(snapshot.cues) if i != at]
    assert [cue.text for cue in again.cues] == [cue.text for cue in snapshot.cues]
    assert again.head == snapshot.head
    old_notes, new_notes = cue.lead.count(b"NOTE"), again.cues[at].lead.count(b"NOTE")
    had = bool(comment_of(cue.lead))
    if edit.changes:
        document.apply(edit.inverse())
        assert new_notes == old_notes + (0 if had and lines else -1 if had else 1)
    assert write_webvtt(document.snapshot) == data


def test_a_comment_keeps_the_form_it_has() -> None:
    def after(lead: bytes, text: str) -> bytes:
        snapshot = read_webvtt(b"WEBVTT" + lead + b"00:01.000 --> 00:02.000\nx").snapshot
        (change,) = set_comment(snapshot, 1, text).cue_changes
        assert change.after is not None
        return change.after.lead

    assert after(b"\n\n", "a") == b"\n\nNOTE a\n\n"
    assert after(b"\r\n\r\n", "a\nb") == b"\r\n\r\nNOTE\r\na\r\nb\r\n\r\n"
    assert after(b"\n\nNOTE a\n\n\n", "b") == b"\n\nNOTE b\n\n\n"
    assert after(b"\n\nNOTE\na\n\n", "b") == b"\n\nNOTE\nb\n\n"
    assert after(b"\n\nNOTE keep\n\njunk\n\nNOTE a\n\n", "") == b"\n\nNOTE keep\n\njunk\n\n"


def test_one_setting_leaves_the_others_as_written() -> None:
    snapshot = read_webvtt(b"WEBVTT\n\n00:01.000 --> 00:02.000 x:1 line:0  line:3 size:50%\na").snapshot

    def settings(name: str, value: str, of: Snapshot = snapshot) -> str:
        (change,) = set_setting(of, 1, name, value).cue_changes
        assert change.after is not None
        return change.after.settings

    assert settings("line", "5") == "x:1 line:5 size:50%"
    assert settings("line", "") == "x:1 size:50%"
    assert settings("align", "left").endswith("size:50% align:left")
    assert not set_setting(snapshot, 1, "align", "").changes
