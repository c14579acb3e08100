"""Cue text styled and cut into paragraphs: who wins, what space counts, which way it reads."""

from __future__ import annotations

import pytest

from vtt_desktop.formats.webvtt_text import parse_text
from vtt_desktop.ui.rendering.colours import CLEAR, CUE_BOX, WHITE, Rgba
from vtt_desktop.ui.rendering.css import parse_styles
from vtt_desktop.ui.rendering.flow import Flow, Run, flow, region_style

RED, LIME, BLUE = Rgba(255, 0, 0), Rgba(0, 255, 0), Rgba(0, 0, 255)


def flowed(text: str, sheet: str = "", identifier: str = "", now: int = 0) -> Flow:
    return flow(parse_text(text), parse_styles((sheet,)), identifier, now)


def runs(text: str, sheet: str = "", identifier: str = "", now: int = 0) -> list[Run]:
    return [run for paragraph in flowed(text, sheet, identifier, now).paragraphs for run in paragraph.runs]


def colours(text: str, sheet: str, now: int = 0) -> dict[str, Rgba]:
    return {run.text.strip(): run.style.colour for run in runs(text, sheet, now=now)}


def test_7_4_the_look_without_any_style_sheet() -> None:
    plain, italic, bold, under = runs("a<i>b</i><b>c</b><u>d</u>")
    assert (plain.style.colour, plain.style.italic, plain.style.weight) == (WHITE, False, 400)
    assert italic.style.italic and bold.style.weight == 700
    assert [line.line for line in under.style.decorations] == ["underline"]
    assert flowed("a").root.background == CUE_BOX
    assert all(len(run.around) == 1 for run in (plain, italic, bold, under)), "one box behind all of it"


def test_5_default_classes_colour_text_and_background() -> None:
    (run,) = runs("<c.yellow.bg_blue>x</c>")
    assert run.style.colour == Rgba(255, 255, 0)
    assert run.around[-1].background == BLUE
    assert runs("<c.yellow>x</c>", "::cue(.yellow) { color: red }")[0].style.colour == RED


def test_the_cascade_is_by_importance_specificity_and_order() -> None:
    sheet = """
        ::cue { color: red } ::cue(b) { color: blue } ::cue(b.x) { color: lime } ::cue(b) { color: red }
        ::cue(u) { color: lime !important } ::cue(u.x) { color: red }
    """
    assert colours("a<b>b</b><b.x>c</b><u.x>d</u>", sheet) == {"a": RED, "b": RED, "c": LIME, "d": LIME}


def test_what_is_inside_inherits_the_colour_but_not_the_background() -> None:
    (run,) = runs("<c.a><i>x</i></c>", "::cue(.a) { color: red; background: blue }")
    assert run.style.colour == RED
    assert [style.background for style in run.around] == [CUE_BOX, BLUE]
    assert run.style.background == CLEAR


def test_8_2_1_the_background_of_the_cue_is_that_of_its_background_box() -> None:
    assert flowed("x", "::cue { background: red }").root.background == RED
    assert flowed("x", "::cue(#me) { background: red }", "me").root.background == RED
    assert flowed("x", "::cue(#me) { background: red }", "other").root.background == CUE_BOX


def test_voices_and_languages() -> None:
    sheet = '::cue(v[voice="Ann B"]) { color: red } ::cue(:lang(de)) { color: lime }'
    found = colours("<v Ann B>a <lang de>b <i>c</i></lang></v><v Bo>d</v>", sheet)
    assert found == {"a": RED, "b": LIME, "c": LIME, "d": WHITE}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0, {"a": BLUE, "b": BLUE, "c": BLUE}),
        (1000, {"a": WHITE, "b": BLUE, "c": BLUE}),
        (1500, {"a": WHITE, "b": BLUE, "c": BLUE}),
        (2000, {"a": WHITE, "b": WHITE, "c": BLUE}),
        (2500, {"a": RED, "b": WHITE, "c": BLUE}),
        (3500, {"a": RED, "b": RED, "c": WHITE}),
    ],
)
def test_8_2_2_past_and_future(now: int, expected: dict[str, Rgba]) -> None:
    text = "<00:01.000><c>a</c><00:02.000><c>b</c><00:03.000><c>c</c>"
    sheet = "::cue(:past) { color: red } ::cue(:future) { color: blue }"
    assert colours(text, sheet, now) == expected


def test_8_2_2_text_without_an_element_is_neither_past_nor_future() -> None:
    assert colours("<00:01.000>a", "::cue(:future) { color: red }") == {"a": WHITE}
    assert colours("<c>a</c>", "::cue(:past) { color: red } ::cue(:future) { color: red }") == {"a": WHITE}


def test_8_2_1_past_and_future_cannot_change_the_font() -> None:
    (run,) = runs("<00:01.000><c>a</c>", "::cue(:future) { font-size: 200%; color: red }")
    assert run.style.size == 36 and run.style.colour == RED


def lines(text: str, sheet: str = "") -> list[str]:
    return [paragraph.text for paragraph in flowed(text, sheet).paragraphs]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a  b\t c", ["a b c"]),
        (" a \n b ", ["a", "b"]),
        ("a <i> b</i>", ["a b"]),
        ("<i>a </i> ", ["a"]),
        ("a\n<b>b\nc</b>", ["a", "b", "c"]),
        ("<i>\n</i>a", ["", "a"]),
        ("a\n", ["a"]),
        ("  ", []),
        ("", []),
        ("a&nbsp;&nbsp;b", ["a\u00a0\u00a0b"]),
        ("a &lt;b&gt; &amp;", ["a <b> &"]),
    ],
)
def test_7_4_white_space_is_pre_line(text: str, found: list[str]) -> None:
    assert lines(text) == found


def test_other_white_space() -> None:
    assert lines("a  b \n c", "::cue { white-space: pre-wrap }") == ["a  b ", " c"]
    assert lines("a  b \n c", "::cue { white-space: normal }") == ["a b c"]
    assert [p.wraps for p in flowed("a", "::cue { white-space: nowrap }").paragraphs] == [False]


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("abc שלום", False), ("שלום abc", True), ("... ! مرحبا", True), ("123", False), ("<b>ש</b>", True)],
)
def test_7_4_each_line_has_the_direction_of_its_first_strong_letter(text: str, rtl: bool) -> None:
    assert [p.rtl for p in flowed(f"{text}\nabc\nש").paragraphs] == [rtl, False, True]


def test_ruby_stands_over_the_run_before_it() -> None:
    found = [
        (run.text, run.ruby.text if run.ruby else "")
        for run in runs("a<ruby>漢<rt>kan</rt>字<rt>ji</rt>x</ruby>b")
    ]
    assert found == [("a", ""), ("漢", "kan"), ("字", "ji"), ("x", ""), ("b", "")]
    (run,) = runs("<ruby>漢<rt>kan</rt></ruby>", "::cue(rt) { color: red }")
    assert run.ruby is not None
    assert (run.ruby.style.colour, run.ruby.style.size, run.ruby.style.background) == (RED, 18, CUE_BOX)


def test_8_2_3_regions_have_a_style_of_their_own_that_cues_inherit() -> None:
    rules = parse_styles(("::cue-region { color: red } ::cue-region(#b) { background: blue }",))
    assert (region_style(rules, "a").colour, region_style(rules, "a").background) == (RED, CUE_BOX)
    base = region_style(rules, "b")
    assert base.background == BLUE
    inside = flow(parse_text("x"), rules, "", 0, base)
    assert inside.paragraphs[0].runs[0].style.colour == RED
    assert inside.root.background == CUE_BOX
    assert flow(parse_text("x"), rules, "", 0).root.colour == WHITE


def test_8_2_2_ruby_text_is_past_and_future_as_any_other() -> None:
    sheet = (
        "::cue(rt:future) { color: red } ::cue(rt:past) { color: blue } ::cue(rt + rt) { font-weight: bold }"
    )
    text = "<ruby>漢<rt>kan</rt><00:02.000>字<rt>ji</rt></ruby>"
    for now, first, second in ((1000, WHITE, RED), (3000, BLUE, WHITE)):
        notes = [run.ruby for run in runs(text, sheet, now=now)]
        assert [note.style.colour for note in notes if note] == [first, second]
        assert [note.style.weight for note in notes if note] == [400, 700]


def test_ruby_stands_over_all_of_a_base_of_several_looks() -> None:
    bold, plain, after = runs("<ruby><b>漢</b>字<rt>kan<i>ji</i></rt></ruby>x")
    assert (bold.style.weight, plain.style.weight) == (700, 400)
    assert bold.ruby is not None and bold.ruby is plain.ruby and after.ruby is None
    assert [(run.text, run.style.italic) for run in bold.ruby.runs] == [("kan", False), ("ji", True)]


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("\u2067שלום\u2069 abc", False),
        ("\u2066abc\u2069 שלום", True),
        ("\u2069abc", False),
        ("\u2068", False),
    ],
)
def test_p2_what_is_isolated_says_nothing_of_the_direction(text: str, rtl: bool) -> None:
    assert flowed(text).paragraphs[0].rtl == rtl


def test_words_that_do_not_wrap_among_others_that_do() -> None:
    (paragraph,) = flowed("a b <c.x>c d</c> e", "::cue(.x) { white-space: nowrap }").paragraphs
    assert paragraph.wraps and paragraph.text == "a b c\u00a0d e"
    assert not flowed("a b", "::cue { white-space: nowrap }").paragraphs[0].wraps


def test_what_is_translucent_is_so_with_all_that_is_inside() -> None:
    sheet = "::cue { opacity: 0.5 } ::cue(.a) { opacity: 0.4 } ::cue(b) { opacity: 1 }"
    outer, inner = runs("x<c.a><b>y</b></c>", sheet)
    assert (outer.style.path, inner.style.path) == ((0.5,), (0.5, 0.4))
