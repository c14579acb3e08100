"""Laws of the WebVTT reader and writer, on files that nobody would write."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.webvtt_reference import Parser, tree
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import BETWEEN, CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import FIRST, CueChange, Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.problem import Severity
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import has_signature
from vtt_desktop.formats.webvtt_checks import check_cue
from vtt_desktop.formats.webvtt_segments import SegmentText
from vtt_desktop.formats.webvtt_text import Node, parse_text
from vtt_desktop.formats.webvtt_write import write_webvtt

times = st.sampled_from(
    [
        "00:01.000",
        "00:00:02.000",
        "1:00:03.500",
        "99:59:59.999",
        "00:60.000",
        "0:01.000",
        "00:01.00",
        "100:00:00.000",
    ]
)
arrows = st.sampled_from([" --> ", "-->", "\t-->  ", " -> ", "--->"])
settings = st.sampled_from(["", " align:start", "align:start", "\tline:0 region:r --> ", " \x0c"])
lines = st.one_of(
    st.builds(lambda a, b, c, d: f"{a}{b}{c}{d}", times, arrows, times, settings),
    st.sampled_from(
        [
            "",
            "",
            "",
            "text",
            "two words",
            "1",
            "-->",
            "a --> b",
            "NOTE",
            "NOTE x",
            "STYLE",
            "STYLE \t",
            "STYLEx",
        ]
        + ["REGION", "id:r width:50%", "::cue{}", " ", "-", "--", "->", "é漢", "\x00", "WEBVTT", "\ufeff"]
    ),
)
eols = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
parts = st.one_of(
    st.builds(lambda line, eol: (line + eol).encode(), lines, eols),
    st.sampled_from([b"\xff\xfe", b"\n\n", b"\r", b"\xc3"]),
)
pieces = st.lists(parts, max_size=25).map(b"".join)
starts = st.sampled_from(
    [b"WEBVTT\n", b"WEBVTT\n\n", b"\xef\xbb\xbfWEBVTT title\r\n\r\n", b"WEBVTT", b"WEBVTT\t\r"]
)
files = st.one_of(
    st.builds(bytes.__add__, starts, pieces),
    st.builds(bytes.__add__, st.just(b"WEBVTT\n\n"), st.binary(max_size=60)),
)
a_cue = st.sampled_from(
    [b"\n\n00:01.000 --> 00:02.000\nx\n", b"\r\n\r\nid\r\n00:01.000-->00:02.000 size:5%\r\n"]
)
files_with_cues = st.builds(lambda a, b, c, d: a + b + c + d, starts, pieces, a_cue, pieces)
texts = st.text(alphabet=st.sampled_from("ab-> \n\r\x00&<é\ufeff"), max_size=12)


def accepted(data: bytes) -> Snapshot:
    assume(has_signature(data))
    return read_webvtt(data).snapshot


def fields(snapshot: Snapshot) -> list[tuple[str, int, int, str, str]]:
    return [(c.identifier, c.start, c.end, c.settings, c.text) for c in snapshot.cues]


@given(st.one_of(files, st.binary(max_size=40)))
def test_reads_what_the_specification_reads(data: bytes) -> None:
    expected = Parser(data).parse()
    if expected is None:
        assert not has_signature(data)
        return
    file = read_webvtt(data)
    assert fields(file.snapshot) == expected.cues
    assert list(file.styles) == expected.styles
    assert len(file.regions) == len(expected.regions)


@given(files)
def test_what_nobody_touched_comes_back(data: bytes) -> None:
    snapshot = accepted(data)
    assert write_webvtt(snapshot) == data
    assert write_webvtt(Snapshot(snapshot.head, CueList.of(snapshot.cues))) == data


@given(files_with_cues, st.data(), texts, st.integers(0, 10**7), st.booleans())
def test_an_edit_changes_no_byte_of_another_cue(
    data: bytes, draw: st.DataObject, text: str, start: int, name: bool
) -> None:
    snapshot = accepted(data)
    cue = draw.draw(st.sampled_from(tuple(snapshot.cues)))
    fresh = cue.with_(text=text, start=start, identifier=f"n{start}" if name else "")
    out = write_webvtt(applied(snapshot, Edit("", (CueChange(cue, fresh),))))
    index = snapshot.cues.index_of(cue.id)
    before = snapshot.head.text + b"".join(written(c) for c in snapshot.cues[:index]) + cue.lead
    after = b"".join(written(c) for c in snapshot.cues[index + 1 :]) + snapshot.head.tail
    assert out.startswith(before)
    assert out.endswith(after)
    again = fields(read_webvtt(out).snapshot)
    others = fields(snapshot)
    assert again[:index] + again[index + 1 :] == others[:index] + others[index + 1 :]
    assert again[index][:3] == (fresh.identifier, start, cue.end)


def written(cue: Cue) -> bytes:
    assert cue.source is not None
    return cue.lead + cue.source.block


@given(st.one_of(files, files_with_cues), st.data())
def test_cues_that_come_and_go_leave_the_others_and_undo_leaves_nothing(
    data: bytes, draw: st.DataObject
) -> None:
    now = accepted(data)
    edits: list[Edit] = []
    for number in range(draw.draw(st.integers(1, 6))):
        cues = tuple(now.cues)
        if cues and draw.draw(st.booleans()):
            cue = draw.draw(st.sampled_from(cues))
            edit = Edit("", (CueChange(cue, None, now.follows(cue.id)),))
        else:
            name = draw.draw(st.sampled_from(["", "new", "NOTE", "STYLE", "REGION"]))
            lead = draw.draw(st.sampled_from([b"", b"", b"\n\nNOTE mine\n\n", b"NOTE x", b"\r\n", b"\n"]))
            cue = Cue(1000 + number, 5, 9, "new\ntext", name, lead=lead)
            follows = draw.draw(st.sampled_from([FIRST, *(c.id for c in cues)]))
            edit = Edit("", (CueChange(None, cue, follows),))
        edits.append(edit)
        now = applied(now, edit)
        assert fields(read_webvtt(write_webvtt(now)).snapshot) == fields(now)
    for edit in reversed(edits):
        now = applied(now, edit.inverse())
    assert write_webvtt(now) == data


@given(
    st.lists(st.builds(Cue, st.just(0), st.integers(0, 10**9), st.integers(1, 10**5), texts, texts, texts))
)
def test_what_we_write_ourselves_conforms(made: list[Cue]) -> None:
    cues = [cue.with_(id=i, end=cue.start + cue.end) for i, cue in enumerate(made, 1)]
    out = write_webvtt(Snapshot(cues=CueList.of(cues)))
    again = read_webvtt(out)
    assert [(c.start, c.end) for c in again.snapshot.cues] == [(c.start, c.end) for c in cues]
    assert not again.junk
    assert b"\0" not in out
    shape = {"timing-line", "arrow-in-text", "end-before-start", "arrow-in-note", "late-block"}
    for cue in again.snapshot.cues:
        errors = {p.rule for p in check_cue(cue, frozenset()) if p.severity is Severity.ERROR}
        assert not errors & shape


@given(st.one_of(pieces, st.text(max_size=40).map(str.encode)))
def test_a_segment_comes_back(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        assume(False)
        return
    segments = SegmentText()
    blocks = segments.read_blocks(text)
    assert segments.write_blocks(blocks.cues, blocks.tail) == text
    head, cues = segments.read_file("WEBVTT\n\n" + text)
    assert segments.write_file(head, cues) == "WEBVTT\n\n" + text


@given(files)
def test_segments_put_together_are_the_file(data: bytes) -> None:
    snapshot = accepted(data)
    segments = SegmentText()
    try:
        before, after = segments.write_head(snapshot.head)
        cues = [segments.write_blocks([cue]) for cue in snapshot.cues]
    except UserError:
        try:
            data.decode()
        except UnicodeDecodeError:
            return
        raise
    assert (before + "".join(cues) + after).encode() == data
    for text, cue in zip(cues, snapshot.cues, strict=True):
        (read,) = segments.read_blocks(text).cues
        assert read.with_(id=cue.id) == cue


tags = st.sampled_from(
    [
        "<i>",
        "</i>",
        "<b.x.y>",
        "</b>",
        "<v Fred &amp; Jo>",
        "</v>",
        "<c..a>",
        "</c>",
        "<ruby>",
        "<rt>",
        "</rt>",
    ]
    + [
        "</ruby>",
        "<lang en>",
        "</lang>",
        "<00:01.000>",
        "<1>",
        "<x>",
        "<",
        ">",
        "</",
        "<.a b>",
        "<i\n x>",
        "<v\ta>",
    ]
    + [
        "&amp;",
        "&lt",
        "&#x41;",
        "&#0;",
        "&#128;",
        "&#129;",
        "&#xD800;",
        "&#99999999999;",
        "&notit;",
        "&",
        "&;",
        "&#;",
    ]
    + [
        "text",
        " ",
        "\n",
        "&hArr;",
        "&ThickSpace;",
        "&CounterClockwiseContourIntegral;",
        "é",
        "<c.a&amp;b>",
        "&lrm;",
    ]
)


@given(
    st.one_of(
        st.lists(tags, max_size=12).map("".join), st.text(alphabet="<>/.&#;aibcv 0:\n\f\t", max_size=20)
    )
)
def test_cue_text_is_the_tree_of_the_specification(text: str) -> None:
    assert plain(parse_text(text)) == tree(text)


def plain(nodes: list[Node]) -> list[object]:
    out: list[object] = []
    for node in nodes:
        if node.type == "text":
            if out and isinstance(out[-1], str):
                out[-1] += str(node.value)
            else:
                out.append(node.value)
        elif node.type == "timestamp":
            out.append(node.value)
        else:
            out.append([node.type, list(node.classes), node.value, plain(node.children)])
    return out


def test_a_tag_nested_without_end_does_not_exhaust_the_stack() -> None:
    (node,) = parse_text("<i>" * 100_000 + "x")
    depth = 0
    while node.children and node.children[0].type == "i":
        node, depth = node.children[0], depth + 1
    assert depth < 1000
    assert re.fullmatch("x", str(node.children[0].value))


usual = st.builds(
    lambda a, b, settings: f"\n\n00:00:{a:02}.000 --> 0{b}:00:00.000{settings}\nx".encode(),
    st.integers(0, 61),
    st.integers(0, 9),
    st.sampled_from(["", " align:start", "\t", "0", "x"]),
)


@given(st.one_of(files_with_cues, st.lists(usual, min_size=1).map(lambda cues: b"WEBVTT" + b"".join(cues))))
def test_the_time_that_cues_span_is_told_without_making_them_or_not_at_all(data: bytes) -> None:
    assume(has_signature(data))
    index = read_webvtt(data).index
    for last in range(1, len(index.starts) + 1):
        made = index(last - 1, last)
        assert index.span(last - 1, last) in (None, (made[0].start, made[0].end))
        made = index(0, last)
        whole = (min(cue.start for cue in made), max(cue.end for cue in made))
        assert index.span(0, last) in (None, whole)


@given(files_with_cues)
def test_the_texts_of_cues_are_told_without_making_them(data: bytes) -> None:
    assume(has_signature(data))
    cues = read_webvtt(data).snapshot.cues
    assert [one for chunk in cues.chunks for one in chunk.text.split(BETWEEN)] == [cue.text for cue in cues]


def test_the_time_that_usual_cues_span_is_always_told() -> None:
    data = b"WEBVTT\n\n1\n00:00:05.000 --> 00:00:06.000\nx\r\n\r\n00:00:01.500 --> 12:34:56.789 line:0"
    assert read_webvtt(data).index.span(0, 2) == (1500, ((12 * 60 + 34) * 60 + 56) * 1000 + 789)
    assert read_webvtt(data + b"\n\n00:00.000 --> 00:00:01.000\n").index.span(0, 3) is None
