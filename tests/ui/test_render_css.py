"""STYLE blocks: what counts is read, what is wrong is dropped as CSS drops it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.ui.rendering.colours import CLEAR, WHITE, Rgba, parse_colour
from vtt_desktop.ui.rendering.css import Declaration, parse_styles
from vtt_desktop.ui.rendering.properties import declared
from vtt_desktop.ui.rendering.selectors import Element, parse_selectors
from vtt_desktop.ui.rendering.style import COMBINE_ALL, FONT_SIZE, Decoration, Outline, Shadow, Style


def rules(sheet: str) -> list[tuple[bool, str]]:
    """(for regions, declarations) of each rule."""
    return [
        (rule.region, "; ".join(f"{d.name}: {d.value}{'!' * d.important}" for d in rule.declarations))
        for rule in parse_styles((sheet,))
    ]


@pytest.mark.parametrize(
    ("sheet", "found"),
    [
        ("::cue { color: red }", [(False, "color: red")]),
        ("::cue{color:red;}", [(False, "color: red")]),
        ("::CUE(b) { COLOR: Red; Font-Size: 12px }", [(False, "color: Red; font-size: 12px")]),
        ("::cue-region { color: red }", [(True, "color: red")]),
        ("::cue-region(#a) { color: red }", [(True, "color: red")]),
        ("::cue(a), ::cue(b) { color: red }", [(False, "color: red"), (False, "color: red")]),
        ("::cue(a, b) { color: red }", [(False, "color: red"), (False, "color: red")]),
        ("/* ::cue { color: red } */ ::cue { /* ; */ color: /* { */ lime }", [(False, "color: lime")]),
        ("::cue { color: red !important; color: lime ! IMPORTANT }", [(False, "color: red!; color: lime!")]),
        ("::cue { ; color red; : red; color: ; 1x: y; color: lime }", [(False, "color: lime")]),
        ('::cue { font-family: "a;b}c", d; color: red }', [(False, 'font-family: "a;b}c", d; color: red')]),
        ("::cue { color: red", [(False, "color: red")]),
        ("@import url(x.css); ::cue { color: red }", [(False, "color: red")]),
        ("@media print { ::cue { color: lime } } ::cue { color: red }", [(False, "color: red")]),
        (
            "@media screen { ::cue { color: lime } } ::cue { color: red }",
            [(False, "color: lime"), (False, "color: red")],
        ),
        ("@MEDIA all{@media screen{::cue{color:red}}", [(False, "color: red")]),
        ("@media screen and (min-width: 9px) { ::cue { color: lime } }", []),
        ("@supports (color: lime) { ::cue { color: lime } }", []),
        ("@media{" * 9000 + "::cue{color:red}", []),
        ("p { color: lime } ::cue { color: red }", [(False, "color: red")]),
        ("p, ::cue { color: red }", [(False, "color: red")]),
        ("video::cue { color: lime } ::cue { color: red }", [(False, "color: red")]),
        ("::cue(:hover) { color: lime } ::cue(b) { color: red }", [(False, "color: red")]),
        ("::cue(b, ::before) { color: lime }", []),
        ("::cue() { color: lime }", []),
        ("::cue(b { color: lime }", []),
        ("}::cue { color: lime }", []),
        ("", []),
    ],
)
def test_style_sheets(sheet: str, found: list[tuple[bool, str]]) -> None:
    assert rules(sheet) == found


def test_several_sheets_are_one_in_their_order() -> None:
    assert [rule.order for rule in parse_styles(("::cue { color: red }", "::cue { color: lime }"))] == [0, 1]


@given(st.text("{}()[];:'\"\\@!/*#. \n,cueabc-", max_size=60))
def test_no_style_sheet_breaks_it(sheet: str) -> None:
    parse_styles((sheet, f"::cue({sheet}) {{ {sheet} }}"))


@pytest.mark.parametrize(
    "piece", ["{", "(", "::cue(", ";", "/*", '"', "@", "a:not(", "::cue,", "::cue(b){color:red}"]
)
def test_a_long_style_sheet_takes_time_by_its_length_only(piece: str) -> None:
    began = time.process_time()
    parse_styles((piece * (200_000 // len(piece)),))
    assert time.process_time() - began < 5


# Selectors


ROOT = Element(id="intro", language="en-GB")
VOICE = Element("v", ("loud", "x-1"), attributes={"voice": "Odile O."}, language="en-GB", parent=ROOT)
LANG = Element("lang", attributes={"lang": "de-AT"}, language="de-AT", parent=VOICE)
BOLD = Element("b", past=True, language="de-AT", parent=LANG)
ITALIC = Element("i", future=True, language="de-AT", parent=LANG, before=BOLD)


@pytest.mark.parametrize(
    ("selector", "matched"),
    [
        ("v", [VOICE]),
        ("*", [ROOT, VOICE, LANG, BOLD, ITALIC]),
        ("#intro", [ROOT]),
        (".loud", [VOICE]),
        ("v.loud.x-1", [VOICE]),
        ("v.loud.quiet", []),
        ('[voice="Odile O."]', [VOICE]),
        ("v[voice='Odile O.']", [VOICE]),
        ("[voice=Odile]", []),
        ("[voice~=Odile]", [VOICE]),
        ("[voice^=od i]", [VOICE]),
        ("[voice$='O.'][voice*=ile]", [VOICE]),
        ("[voice]", [VOICE]),
        ("[lang|=de]", [LANG]),
        (":lang(de)", [LANG, BOLD, ITALIC]),
        (":lang(en-GB, fr)", [ROOT, VOICE]),
        (":past", [BOLD]),
        ("i:future", [ITALIC]),
        (":root", [ROOT]),
        ("v b", [BOLD]),
        ("v > b", []),
        ("lang > b", [BOLD]),
        ("#intro > v lang i", [ITALIC]),
        ("b + i", [ITALIC]),
        ("b ~ i", [ITALIC]),
        ("i + b", []),
        ("i, b", [BOLD, ITALIC]),
        (":not(b):not(i)", [ROOT, VOICE, LANG]),
        (":is(b, v)", [VOICE, BOLD]),
        (r".\6coud", [VOICE]),
        ("B", []),
    ],
)
def test_8_2_1_what_a_selector_matches(selector: str, matched: list[Element]) -> None:
    parsed = parse_selectors(selector)
    assert parsed is not None
    elements = (ROOT, VOICE, LANG, BOLD, ITALIC)
    assert [e for e in elements if any(one.matches(e) for one in parsed)] == matched


@pytest.mark.parametrize(
    "selector", ["", "b,", ",b", "b >", "> b", "b c!", "b:", "[", "#", ".", ":nth-child(2)", "b::x"]
)
def test_a_selector_that_is_wrong_is_none(selector: str) -> None:
    assert parse_selectors(selector) is None


@pytest.mark.parametrize(
    ("selector", "specificity"),
    [("*", (0, 0, 0)), ("b", (0, 0, 1)), ("b.x[lang]", (0, 2, 1)), ("#a b:past", (1, 1, 1)),
     (":not(#a, b)", (1, 0, 0)), (":where(#a)", (0, 0, 0))],
)  # fmt: skip
def test_specificity(selector: str, specificity: tuple[int, int, int]) -> None:
    parsed = parse_selectors(selector)
    assert parsed is not None and parsed[0].specificity == specificity


# Values


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("red", Rgba(255, 0, 0)),
        ("ReBeccaPurple", Rgba(102, 51, 153)),
        ("#f80", Rgba(255, 136, 0)),
        ("#ff880080", Rgba(255, 136, 0, 128 / 255)),
        ("rgb(1, 2, 3)", Rgba(1, 2, 3)),
        ("rgba(1 2 3 / 50%)", Rgba(1, 2, 3, 0.5)),
        ("rgba(300,-5,0,.25)", Rgba(255, 0, 0, 0.25)),
        ("rgb(100%, 0%, 0%)", Rgba(255, 0, 0)),
        ("hsl(120, 100%, 50%)", Rgba(0, 255, 0)),
        ("hsla(0.5turn 100% 50% / 1)", Rgba(0, 255, 255)),
        ("transparent", Rgba(0, 0, 0, 0)),
        ("currentColor", Rgba(9, 9, 9)),
        ("#ff", None),
        ("rgb(1,2)", None),
        ("rgb(1deg,2,3)", None),
        ("nocolour", None),
        ("red blue", None),
    ],
)
def test_colours(text: str, colour: Rgba | None) -> None:
    found = parse_colour(text, Rgba(9, 9, 9))
    assert found == (colour if colour is None else pytest.approx(colour))


def styled(name: str, value: str, parent: Style | None = None) -> Style:
    around = parent or Style()
    return declared(around.child(), Declaration(name, value), around)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("color", "lime", "colour", Rgba(0, 255, 0)),
        ("background", "url(data:x) no-repeat blue", "background", Rgba(0, 0, 255)),
        ("background-color", "transparent", "background", Rgba(0, 0, 0, 0)),
        ("font-size", "50%", "size", FONT_SIZE / 2),
        ("font-size", "2em", "size", FONT_SIZE * 2),
        ("font-size", "10vh", "size", 72),
        ("font-size", "24px", "size", 24),
        ("font-size", "99999px", "size", 720),
        ("font-size", "-1px", "size", FONT_SIZE),
        ("font-size", "12", "size", FONT_SIZE),
        ("font-weight", "bold", "weight", 700),
        ("font-weight", "350", "weight", 350),
        ("font-weight", "5000", "weight", 400),
        ("font-style", "oblique 10deg", "italic", True),
        ("font-variant", "small-caps", "small_caps", True),
        ("font-family", "'Two Words', serif", "families", ("Two Words", "serif")),
        ("line-height", "1.5", "line_height", 1.5 * FONT_SIZE),
        ("line-height", "72px", "line_height", 72),
        ("text-decoration", "underline wavy red", "decorations",
         (Decoration("underline", Rgba(255, 0, 0), FONT_SIZE, "wavy"),)),
        ("text-decoration", "underline overline 2px", "decorations",
         (Decoration("underline", WHITE, FONT_SIZE, "solid", 2),
          Decoration("overline", WHITE, FONT_SIZE, "solid", 2))),
        ("text-decoration", "underline nonsense", "decorations", ()),
        ("text-decoration-line", "line-through", "decorations",
         (Decoration("line-through", WHITE, FONT_SIZE),)),
        ("text-decoration-color", "red", "decorations", ()),
        ("background", "url(data:x) no-repeat", "background", Rgba(0, 0, 0, 0)),
        ("background", "linear-gradient(red, blue)", "background", Rgba(0, 0, 0, 0)),
        ("background", "red blue", "background", Rgba(0, 0, 0, 0)),
        ("font-stretch", "condensed", "stretch", 75),
        ("font-stretch", "130%", "stretch", 130),
        ("font", "condensed 20px serif", "stretch", 75),
        ("text-combine-upright", "all", "combine", COMBINE_ALL),
        ("text-combine-upright", "digits", "combine", 2),
        ("text-combine-upright", "digits 3", "combine", 3),
        ("text-combine-upright", "digits 9", "combine", 0),
        ("outline-style", "dotted", "outline", Outline("dotted")),
        ("outline-width", "thick", "outline", Outline(width=5)),
        ("outline-color", "red", "outline", Outline(colour=Rgba(255, 0, 0))),
        ("outline-offset", "4px", "outline", Outline(offset=4)),
        ("text-shadow", "1px 2px", "shadows", (Shadow(1, 2, 0, None),)),
        ("text-shadow", "red 1px 2px 3px, 0 0 blue", "shadows",
         (Shadow(1, 2, 3, Rgba(255, 0, 0)), Shadow(0, 0, 0, Rgba(0, 0, 255)))),
        ("text-shadow", "1px", "shadows", ()),
        ("outline", "2px solid red", "outline", Outline("solid", 2, Rgba(255, 0, 0))),
        ("opacity", "0.5", "opacity", 0.5),
        ("opacity", "150%", "opacity", 1),
        ("visibility", "hidden", "visible", False),
        ("white-space", "pre", "white_space", "pre"),
        ("ruby-position", "under", "ruby_under", True),
        ("font", "italic bold 20px/2 serif", "families", ("serif",)),
        ("font", "italic bold 20px/2 serif", "line_height", 40),
        ("font", "20px", "size", FONT_SIZE),
        ("color", "nonsense", "colour", Rgba(255, 255, 255)),
        ("position", "absolute", "colour", Rgba(255, 255, 255)),
    ],
)  # fmt: skip
def test_properties(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(styled(name, value), field) == expected


def test_a_child_is_at_least_as_translucent_and_underlined_as_what_is_around_it() -> None:
    around = styled("opacity", "0.5", styled("text-decoration", "underline"))
    assert styled("opacity", "0.4", around).path == (0.5, 0.4)
    under = Decoration("underline", WHITE, FONT_SIZE)
    assert styled("text-decoration", "overline", around).decorations == (
        under,
        Decoration("overline", WHITE, FONT_SIZE),
    )
    assert styled("text-decoration", "none", around).decorations == (under,)
    assert styled("color", "red", around).decorations == (under,), "its colour is that of whose it is"


def test_a_line_height_in_lines_is_taken_over_as_such_and_a_length_as_it_is() -> None:
    lines, length = styled("line-height", "1.5"), styled("line-height", "150%")
    assert lines.line_height == length.line_height == 54
    assert styled("font-size", "50%", lines).line_height == 27
    assert styled("font-size", "50%", length).line_height == 54


def test_inherit_and_initial() -> None:
    parent = styled("color", "red")
    own = declared(parent.child(), Declaration("color", "blue"), parent)
    for word, colour in (("inherit", Rgba(255, 0, 0)), ("initial", WHITE), ("unset", Rgba(255, 0, 0))):
        assert declared(own, Declaration("color", word), parent).colour == colour
    behind = styled("background", "blue")
    for word, colour in (("inherit", Rgba(0, 0, 255)), ("initial", CLEAR), ("unset", CLEAR)):
        assert declared(behind.child(), Declaration("background", word), behind).background == colour


@given(
    st.sampled_from(
        [
            "font",
            "text-shadow",
            "outline",
            "background",
            "font-size",
            "opacity",
            "line-height",
            "text-decoration",
        ]
    ),
    st.text("0123456789.-+%pxemvh(),/ #redbolitacs'\"", min_size=1, max_size=40),
)
def test_no_value_breaks_it(name: str, value: str) -> None:
    styled(name, value)
