"""What an author is told, with the section that says so."""

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.problem import Problem
from vtt_desktop.formats.srt import read_srt
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_cue, check_file, check_webvtt, kind_of
from vtt_desktop.formats.webvtt_text_checks import check_text


def rules(problems) -> list[str]:
    return [problem.rule if isinstance(problem, Problem) else problem[0] for problem in problems]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fine <i>x</i> &amp; &#65; &#x41; <00:02.000>y<00:03.000>", []),
        ("<v Ann>a voice may stay open", []),
        ("<lang en-GB>x</lang> <ruby>a<rt>b</rt></ruby>", []),
        ("a --> b", ["arrow-in-text"]),
        ("AT&T", ["bare-ampersand"]),
        ("&nosuch;", ["bare-ampersand"]),
        ("a < b", ["bare-less-than"]),
        ("a <", ["bare-less-than"]),
        ("x </b", ["bare-less-than"]),
        ("<i>x</i", ["bare-less-than"]),
        ("<i>a < b", ["bare-less-than", "unclosed-tag"]),
        ("<v>x</v>", ["voice-without-name"]),
        ("<i>x", ["unclosed-tag"]),
        ("x</i>", ["unmatched-tag"]),
        ("<i><b>x</i></b>", ["wrong-nesting"]),
        ("<rt>x</rt>", ["wrong-nesting"]),
        ("<font>x", ["unknown-tag"]),
        ("<lang not a tag>x</lang>", ["bad-language"]),
        ("<00:09.000>x", ["timestamp-outside"]),
        ("<00:03.000>x<00:02.000>y", ["timestamp-order"]),
        ("<00:3>x", ["bad-timestamp"]),
    ],
)
def test_cue_text(text: str, found: list[str]) -> None:
    assert rules(check_text(text, 1000, 5000)) == found


def test_chapters_have_no_tags_and_metadata_has_anything() -> None:
    assert rules(check_text("<i>x</i>", 0, 1, "chapters")) == ["tags-in-chapter"]
    assert rules(check_text("{a: <& }", 0, 1, "metadata")) == []
    assert rules(check_text("-->", 0, 1, "metadata")) == ["arrow-in-text"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("line:0 position:10%,line-left size:5.5% align:start vertical:rl", []),
        ("region:r", []),
        ("region:other", ["undefined-region"]),
        ("region:r line:0", ["region-overruled"]),
        ("colour:red", ["unknown-setting"]),
        ("align", ["unknown-setting"]),
        ("align:", ["bad-setting"]),
        ("align:middle", ["bad-setting"]),
        ("size:101%", ["bad-setting"]),
        ("line:0 line:1", ["repeated-setting"]),
    ],
)
def test_settings(settings: str, found: list[str]) -> None:
    assert rules(check_cue(Cue(1, 0, 1, "x", settings=settings), frozenset({"r"}))) == found


def test_what_was_read_from_subrip_is_not_held_to_how_webvtt_writes_times() -> None:
    snapshot = read_srt(b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n0:00:03.0-->0:00:04.000\ny\n")
    assert rules(check_webvtt(snapshot)) == []


def test_a_document() -> None:
    file = read_webvtt(
        b"WEBVTT\nKind: Captions\n\nREGION\nid:r\n\nREGION\nid:r\n\nREGION\nwidth:5%\n\n"
        b"a\n00:02.000-->00:03.000\nx\n\nSTYLE\n::cue{}\n\njunk\n\na\n00:01.000 --> 00:01.000\ny\x00\xff\n"
    )
    assert kind_of(file) == "captions"
    assert [(p.rule, p.cue_id) for p in check_webvtt(file.snapshot)] == [
        ("region-twice", None),
        ("region-without-id", None),
        ("timing-line", 1),
        ("end-before-start", 2),
        ("late-block", 2),
        ("start-order", 2),
        ("identifier-twice", 2),
    ]
    assert [(p.rule, p.line) for p in check_file(file)] == [
        ("unknown-block", 20),
        ("nul", 24),
        ("not-utf-8", 24),
    ]
    assert all(problem.section.startswith("WebVTT 4.") for problem in check_webvtt(file.snapshot))
