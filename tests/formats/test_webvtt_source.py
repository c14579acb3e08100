"""The text of a file edited in any place: the file is that text, and other cues stay what they are."""

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.test_webvtt_head import files
from vtt_desktop.domain.document import Document
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import BOM
from vtt_desktop.formats.webvtt_cue import decode
from vtt_desktop.formats.webvtt_source import HEAD, TAIL, pieces, source_edit
from vtt_desktop.formats.webvtt_write import write_webvtt

_TYPED = st.sampled_from(
    [
        "x",
        "\n",
        "\n\n",
        " --> ",
        "NOTE y",
        "00:07.000 --> 00:08.000\nnew",
        "\n\n00:09.000 --> 00:09.500 line:1\nz",
        "",
    ]
)


@given(files())
def test_the_pieces_are_the_file(data: bytes) -> None:
    snapshot = read_webvtt(data).snapshot
    made = pieces(snapshot, 0, len(snapshot.cues))
    assert "".join(piece.text for piece in made) == decode(data).removeprefix("\ufeff")
    assert [piece.key for piece in made] == [HEAD, *(cue.id for cue in snapshot.cues), TAIL]


@given(files(), st.data(), _TYPED)
def test_what_is_typed_is_what_the_file_says(data: bytes, draw: st.DataObject, typed: str) -> None:
    snapshot = read_webvtt(data).snapshot
    document = Document(snapshot)
    made = pieces(snapshot, 0, len(snapshot.cues))
    first = draw.draw(st.integers(0, len(made) - 1))
    last = draw.draw(st.integers(first, min(first + 1, len(made) - 1)))
    text = "".join(piece.text for piece in made[first : last + 1])
    at = draw.draw(st.integers(0, len(text)))
    until = draw.draw(st.integers(at, min(len(text), at + 12)))
    fresh = text[:at] + typed + text[until:]
    whole = "".join(p.text for p in made[:first]) + fresh + "".join(p.text for p in made[last + 1 :])
    keys = [piece.key for piece in made[first : last + 1]]
    try:
        edit = source_edit(snapshot, keys, fresh, document.new_id)
    except UserError:
        return
    if edit.changes:
        document.apply(edit)
    written = write_webvtt(document.snapshot)
    assert decode(written).removeprefix("\ufeff") == whole
    assert written.startswith(BOM) == data.startswith(BOM)
    again = read_webvtt(written).snapshot
    assert [(c.start, c.end, c.text) for c in again.cues] == [
        (c.start, c.end, c.text) for c in document.snapshot.cues
    ]
    if edit.changes:
        document.apply(edit.inverse())
    assert write_webvtt(document.snapshot) == data


def test_one_cue_edited_is_one_change_and_keeps_its_id() -> None:
    data = b"WEBVTT\n\none\n00:01.000 --> 00:02.000\na\n\n00:03.000 --> 00:04.000\nb\n\n"
    data += b"00:05.000 --> 00:06.000\nc\n"
    snapshot = read_webvtt(data).snapshot
    edit = source_edit(snapshot, [2], "\n\n00:03.000 --> 00:04.500 line:0\nbb", lambda: 9)
    (change,) = edit.cue_changes
    assert change.after is not None
    assert (change.id, change.after.end, change.after.settings, change.after.text) == (
        2,
        4500,
        "line:0",
        "bb",
    )
    more = source_edit(
        snapshot, [2], "\n\n00:03.000 --> 00:04.000\nb\n\n00:04.000 --> 00:05.000\nnew", lambda: 9
    )
    (change,) = more.cue_changes
    assert (change.before, change.id, change.follows) == (None, 9, 2)
    gone = source_edit(snapshot, [1, 2], "\n\none\n00:01.000 --> 00:02.000\na", lambda: 9)
    (change,) = gone.cue_changes
    assert (change.after, change.id) == (None, 2)


def test_a_broken_timing_line_waits() -> None:
    snapshot = read_webvtt(b"WEBVTT\n\n00:01.000 --> 00:02.000\na\n").snapshot
    for text in ("\n\n00:01.000 -> 00:02.000\na", "\n\n00:01.00 --> 00:02.000\na"):
        try:
            source_edit(snapshot, [1], text, lambda: 9)
        except UserError as error:
            assert "This is no cue yet" in str(error)
        else:
            raise AssertionError(text)
