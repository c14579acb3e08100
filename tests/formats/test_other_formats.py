"""SubRip, ASS and what pysubs2 reads: what is kept, what is turned into cue text, what is said to be lost."""

from pathlib import Path

import pytest

from tests.formats import corpus
from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.document import applied
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_settings, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.formats.ass import read_ass, write_ass
from vtt_desktop.formats.ass_text import from_ass, to_ass
from vtt_desktop.formats.files import open_file, save_file, written
from vtt_desktop.formats.foreign import ForeignFormatsByLibrary
from vtt_desktop.formats.losses import converted
from vtt_desktop.formats.srt import read_srt, write_srt
from vtt_desktop.formats.srt_text import from_subrip, to_subrip
from vtt_desktop.formats.webvtt_write import write_webvtt

SRT = (
    b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20\r\nOne & <i>two</i>\r\n\r\n"
    b"7\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}a blank\r\n\r\nline <b>in</b> it\r\n\r\n\r\n"
    b'8\r\n00:00:05,000 --> 00:00:06,000\r\n<font color="#ff0000">red</font>\r\n'
)
ASS = b"""[Script Info]\r
; a comment\r
Title: x\r
\r
[V4+ Styles]\r
Style: Mine,Arial,20\r
\r
[Events]\r
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r
Dialogue: 0,0:00:01.00,0:00:02.00,Mine,Ann,0,0,0,,{\\an8}Hi, {\\i1}you{\\i0}\\Nthere {\\pos(1,2)}&\r
Comment: 0,0:00:01.00,0:00:02.00,Mine,,0,0,0,,kept\r
Dialogue: 3,0:00:03.00,0:00:04.00,Mine,,5,0,0,fx,plain\r
\r
[Fonts]\r
fontname: a\r
"""


def test_subrip_becomes_cue_text() -> None:
    cues = read_srt(SRT).cues
    assert [(c.start, c.text, c.settings) for c in cues] == [
        (1000, "One &amp; <i>two</i>", ""),
        (3000, "a blank\n\nline <b>in</b> it", "line:0"),
        (5000, "<c.font-ff0000>red</c>", ""),
    ]


@pytest.mark.parametrize(
    ("edit_of", "old", "new"),
    [
        (lambda s: set_text(s, 1, "a &lt; b"), b"One & <i>two</i>", b"a < b"),
        (lambda s: set_times(s, 1, 1000, 2040), b"02,000 X1", b"02,040 X1"),
        (lambda s: set_settings(s, 2, ""), b"{\\an8}", b""),
        (lambda s: set_text(s, 3, "<c.font-00ff00>green</c>"), b"#ff0000\">red", b"#00ff00\">green"),
        (lambda s: remove_cues(s, [3]), SRT[SRT.index(b"\r\n\r\n\r\n8") : -2], b""),
        (lambda s: insert_cue(Cue(9, 4000, 4500, "new"), 2), b"it\r\n",
         b"it\r\n\r\n8\r\n00:00:04,000 --> 00:00:04,500\r\nnew\r\n"),
    ],
)  # fmt: skip
def test_one_edit_of_subrip_changes_one_place(edit_of, old: bytes, new: bytes) -> None:
    snapshot = read_srt(SRT)
    before, found, after = SRT.partition(old)
    assert found
    assert write_srt(applied(snapshot, edit_of(snapshot))) == before + new + after


@pytest.mark.parametrize(
    ("subrip", "text", "settings"),
    [
        ("<I>x</I> < y", "<i>x</i> &lt; y", ""),
        ("{\\an7}x", "x", "line:0 align:left"),
        ("{\\an5}x", "x", "line:50%"),
        ('<font face="a" color=red>x</font>', "<c.red>x</c>", ""),
        ("&nbsp;", "&amp;nbsp;", ""),
    ],
)
def test_texts_of_subrip(subrip: str, text: str, settings: str) -> None:
    assert from_subrip(subrip) == (text, settings)
    assert from_subrip(to_subrip(text, settings)) == (text, settings)


def test_tags_without_a_place_in_subrip_leave_their_text() -> None:
    assert to_subrip("<v Ann><c.loud>Hi</c> <ruby>漢<rt>kan</rt></ruby><00:01.000> &amp;") == "Hi 漢kan &"


def test_ass_keeps_all_that_is_no_cue() -> None:
    snapshot = read_ass(ASS)
    first = snapshot.cues[0]
    assert (first.text, first.settings, first.speaker) == (
        "<v Ann>Hi, <i>you</i>\nthere {\\pos(1,2)}&amp;", "line:0", "Ann",
    )  # fmt: skip
    assert write_ass(snapshot) == ASS
    moved = applied(snapshot, set_times(snapshot, 2, 3000, 4510))
    assert write_ass(moved) == ASS.replace(b"0:00:04.00", b"0:00:04.51")
    other = applied(snapshot, set_text(snapshot, 1, "<v Bob>One, <b>two</b>"))
    assert write_ass(other) == ASS.replace(
        b"Ann,0,0,0,,{\\an8}Hi, {\\i1}you{\\i0}\\Nthere {\\pos(1,2)}&",
        b"Bob,0,0,0,,{\\an8}One, {\\b1}two{\\b0}",
    )
    new = applied(snapshot, insert_cue(Cue(9, 5000, 6000, "new"), 2))
    added = b"Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,new\r\n"
    assert write_ass(new) == ASS.replace(b"fx,plain\r\n", b"fx,plain\r\n" + added)
    sent = Cue(
        9,
        5000,
        6000,
        "new",
        lead=b"\n\n",
        source=Source("", 5000, 6000, "", "new", b"00:05.000 --> 00:06.000\nnew"),
    )
    assert write_ass(applied(snapshot, insert_cue(sent, 2))) == write_ass(new)
    without = write_ass(applied(snapshot, remove_cues(snapshot, [1])))
    assert b"\r\nComment: 0" in without
    assert [c.text for c in read_ass(without).cues] == ["plain"]


def test_tags_that_cross_in_ass_are_nested() -> None:
    assert from_ass("{\\i1}a{\\b1}b{\\i0}c{\\b0}") == ("<i>a<b>b</b></i><b>c</b>", "")
    assert to_ass("<i>a<b>b</b></i>\nc") == "{\\i1}a{\\b1}b{\\b0}{\\i0}\\Nc"


@pytest.mark.parametrize(
    ("field", "text", "settings", "written"),
    [
        (r"{\an8\i1}Hi{\i0} there", "<i>Hi</i> there", "line:0", r"{\an8}{\i1}Hi{\i0} there"),
        (r"{\pos(1,2)\i1}A{\i0}\NB", "{\\pos(1,2)}<i>A</i>\nB", "", r"{\pos(1,2)}{\i1}A{\i0}\NB"),
        (r"{\i0}upright", r"{\i0}upright", "", r"{\i0}upright"),
        (r"{\an2}below", r"{\an2}below", "", r"{\an2}below"),
        (r"{\b700}x{\b0}y", r"{\b700}x{\b0}y", "", r"{\b700}x{\b0}y"),
        (
            r"{\i1}a{\r}b{\i1}c{\i0}d",
            r"<i>a</i>{\r}b<i>c</i>d",
            "",
            r"{\i1}a{\i0}{\r}b{\i1}c{\i0}d",
        ),
        (
            r"{\t(0,9,\i1\clip(m 0 0))\i1}a{\i0}b",
            r"{\t(0,9,\i1\clip(m 0 0))}<i>a</i>b",
            "",
            r"{\t(0,9,\i1\clip(m 0 0))}{\i1}a{\i0}b",
        ),
        (r"{note}a{\bord2\b1}b{\b0}", r"{note}a{\bord2}<b>b</b>", "", r"{note}a{\bord2}{\b1}b{\b0}"),
    ],
)
def test_no_switch_of_ass_is_lost_when_its_line_is_edited(
    field: str, text: str, settings: str, written: str
) -> None:
    """Switches stand in one block with other tags, or say otherwise than the style of the line."""
    assert from_ass(field) == (text, settings)
    assert to_ass(text, settings) == written
    assert from_ass(written) == (text, settings)


@pytest.mark.parametrize("format", ["srt", "ass", "ssa", "ttml", "microdvd", "mpl2", "tmp", "json"])
def test_a_webvtt_file_can_be_written_and_read_in_every_format(tmp_path: Path, format: str) -> None:
    path = tmp_path / "a.vtt"
    path.write_bytes(b"WEBVTT\n\n00:01.000 --> 00:02.000\nOne &amp; two\n\n00:03.000 --> 00:04.000\nthree\n")
    foreign = ForeignFormatsByLibrary(25)
    snapshot, _ = converted(open_file(path), format)
    made = tmp_path / f"a.{format}"
    made.write_bytes(written(snapshot, format, "utf-8", lambda: foreign))
    again = open_file(made, lambda: foreign)
    assert again.format == format
    assert [(c.start, c.text) for c in again.snapshot.cues] == [(1000, "One &amp; two"), (3000, "three")]
    if format != "tmp":  # which has no out-times
        assert [c.end for c in again.snapshot.cues] == [2000, 4000]


def test_a_conversion_says_what_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_bytes(
        b"WEBVTT title\nKind: captions\n\nSTYLE\n::cue{}\n\nNOTE x\n\n"
        b"id\n00:01.000 --> 00:02.000 size:50%\n<v Ann>One\n\n00:03.004 --> 00:04.000 line:0\n<c.x>two</c>\n"
    )
    assert converted(open_file(path), "webvtt")[1] == ()
    assert converted(open_file(path), "ass")[1] == (
        "2 header lines have no place in ASS.",
        "1 STYLE block has no place in ASS.",
        "1 NOTE comment has no place in ASS.",
        "The classes of 1 cue have no place in ASS.",
        "The cue settings of 1 cue have no place in ASS.",
        "The exact times of 1 cue were rounded in ASS.",
        "The identifiers of 1 cue have no place in ASS.",
    )


def test_what_subrip_has_more_is_said_too(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(SRT.replace(b"two", b"{\\blur3}two"))
    snapshot, losses = converted(open_file(path), "webvtt")
    assert losses == (
        "The screen coordinates of 1 cue have no place in WebVTT.",
        "The styling overrides of 1 cue have no place in WebVTT.",
    )
    assert b"blur" not in write_webvtt(snapshot)


@corpus.needs_corpus
@pytest.mark.parametrize("path", corpus.files(".srt"), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_real_subrip_files_come_back_but_for_the_cue_that_was_edited(path: Path) -> None:
    data = path.read_bytes()
    snapshot = read_srt(data)
    assert write_srt(snapshot) == data
    cue = snapshot.cues[len(snapshot.cues) // 2]
    assert cue.source is not None
    block = write_srt(applied(snapshot, set_text(snapshot, cue.id, "other words")))
    at = data.index(cue.source.block)
    assert block[:at] == data[:at]
    assert block.endswith(data[at + len(cue.source.block) :])


TWO_CUES = {
    "a.vtt": b"WEBVTT x\n\nNOTE y\n\n1\n00:01.000 --> 00:02.000\none &amp;\n\n"
    b"NOTE z\n\n00:03.000 --> 00:04.000\ntwo\n\nNOTE e",
    "a.srt": b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\none &\r\n\r\n"
    b"2\r\n00:00:03,000 --> 00:00:04,000\r\ntwo\r\n",
    "b.srt": b"1\n00:00:01.000 --> 00:00:02.000\none &\n\n2\n00:00:03.000 --> 00:00:04.000\ntwo\n",
    "a.ass": b"[Script Info]\n\n[Events]\nFormat: Start, End, Text\n"
    b"Dialogue: 0:00:01.00,0:00:02.00,one &\nComment: 0,0,x\n"
    b"Dialogue: 0:00:03.00,0:00:04.00,two\n[Fonts]\nx\n",
}


@pytest.mark.parametrize("source", list(TWO_CUES))
@pytest.mark.parametrize("format", ["webvtt", "srt", "ass"])
def test_a_document_saved_in_another_format_is_whole_there(tmp_path: Path, source: str, format: str) -> None:
    """Saved twice, too: the cues still have what they were read from, which is of no use there."""
    path = tmp_path / source
    path.write_bytes(TWO_CUES[source])
    opened = open_file(path, ForeignFormatsByLibrary)
    target = tmp_path / f"out.{format}"
    first = save_file(opened, opened.snapshot, target, format=format, foreign=ForeignFormatsByLibrary)
    once = target.read_bytes()
    save_file(first, first.snapshot, foreign=ForeignFormatsByLibrary)
    assert target.read_bytes() == once
    again = open_file(target, ForeignFormatsByLibrary)
    assert again.format == format
    assert [(c.start, c.end, c.text) for c in again.snapshot.cues] == [
        (1000, 2000, "one &amp;"),
        (3000, 4000, "two"),
    ]
    own = {"webvtt": ".vtt", "srt": ".srt", "ass": ".ass"}[format] == path.suffix
    assert (once == TWO_CUES[source]) == own
    if not own:
        assert not [word for word in (b"NOTE", b"Script", b"Comment") if word in once and format != "ass"]


def test_font_colours_are_seen_in_webvtt_and_come_back(tmp_path: Path) -> None:
    srt = (
        '1\n00:00:01,000 --> 00:00:02,000\n<font color="#ff8000">Orange</font>\n\n'
        '2\n00:00:03,000 --> 00:00:04,000\n<font color="yellow">Yellow</font>\n'
    )
    path = tmp_path / "a.srt"
    path.write_text(srt)
    snapshot, losses = converted(open_file(path), "webvtt")
    assert losses == ()
    vtt = tmp_path / "a.vtt"
    vtt.write_bytes(written(snapshot, "webvtt", "utf-8"))
    assert vtt.read_text() == (
        "WEBVTT\n\nSTYLE\n::cue(.font-ff8000) { color: #ff8000; }\n\n"
        "00:00:01.000 --> 00:00:02.000\n<c.font-ff8000>Orange</c>\n\n"
        "00:00:03.000 --> 00:00:04.000\n<c.yellow>Yellow</c>\n"
    )
    opened = open_file(vtt)
    assert opened.webvtt is not None
    assert len(opened.webvtt.styles) == 1
    assert written(converted(opened, "srt")[0], "srt", "utf-8").decode() == srt
    assert "The font colours of 2 cues have no place in ASS." in converted(opened, "ass")[1]
