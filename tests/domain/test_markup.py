"""Formatting of cue text: nested as it must be, words never touched, all else left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.markup import (
    divided,
    escaped,
    is_under,
    joined,
    pieces,
    toggled,
    with_ruby,
    with_speaker,
    written,
)
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.formats.webvtt_text_checks import check_text

_PARTS = st.sampled_from(
    ["<i>", "</i>", "<b>", "</b>", "<u.x>", "</u>", "<c.yellow>", "</c>", "<v Ann>", "</v>", "<ruby>", "<rt>"]
    + ["</rt>", "</ruby>", "<lang en>", "</lang>", "<00:01.000>", "<x>", "</x>", "<", ">", "&amp;", "&", "\n"]
    + ["one", " ", "日本", "𝄞", ""]
)
ANY_TEXT = st.lists(_PARTS, max_size=14).map("".join)


@st.composite
def well_formed(draw: st.DrawFn, depth: int = 3) -> str:
    """Text that conforms: tags nest and are closed."""
    out = []
    for _ in range(draw(st.integers(1, 3))):
        words = draw(st.sampled_from(["one", "two words", "a &amp; b", "x\ny", "日本"]))
        tag = draw(st.sampled_from(["", "i", "b", "u.loud", "c.yellow", "lang fr", "v Ann"]))
        inside = draw(well_formed(depth=depth - 1)) if depth and draw(st.booleans()) else words
        out.append(f"<{tag}>{inside}</{tag.split('.')[0].split()[0]}>" if tag else words)
    return "".join(out)


def looks(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each character that is read, with what it stands under."""
    return [(c, frozenset(e.tag for e in p.path)) for p in pieces(text) if p.text for c in p.raw]


@given(ANY_TEXT)
def test_taken_apart_and_written_again_it_is_the_same(text: str) -> None:
    assert written(pieces(text)) == text


@given(well_formed(), st.data(), st.sampled_from(["<i>", "<b>", "<c.red>", "<lang de>"]))
def test_what_is_selected_gets_it_and_nothing_else(text: str, data: st.DataObject, tag: str) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    done = toggled(text, start, end, tag, on=True)
    assert spoken_text(done.text) == spoken_text(text)
    rules = [finding[0] for finding in check_text(done.text, 0, 9000)]
    assert rules == [finding[0] for finding in check_text(text, 0, 9000)]
    inside = looks(done.text[done.start : done.end])
    assert done.text == text or is_under(done.text, done.start, done.end, tag) or not inside
    undone = toggled(done.text, done.start, done.end, tag, on=False)
    assert spoken_text(undone.text) == spoken_text(text)
    before, after = looks(text), looks(undone.text)
    assert [c for c, _ in after] == [c for c, _ in before]
    kinds = {"<c.red>": "<c."}.get(tag, tag[:5] if tag.startswith("<lang") else tag)
    for (_, was), (_, now) in zip(before, after, strict=True):
        assert {t for t in was if not t.startswith(kinds)} == {t for t in now if not t.startswith(kinds)}


@pytest.mark.parametrize(
    ("text", "selected", "expected"),
    [
        ("one two", "two", "one <i>two</i>"),
        ("<i>one two</i>", "two", "<i>one </i>two"),
        ("<i>one two three</i>", "two", "<i>one </i>two<i> three</i>"),
        ("<b>one two</b> three", "two</b> three", "<b>one </b><i><b>two</b> three</i>"),
        ("<i>one</i> two", " two", "<i>one two</i>"),
        ("<v Ann>one\ntwo", "one\ntwo", "<v Ann><i>one\ntwo</i>"),
        ("<v Ann>one\ntwo", "<v Ann>one\ntwo", "<v Ann><i>one\ntwo</i>"),
        ("a <ruby>b<rt>c</rt></ruby> d", "a <ruby>b<rt>c</rt></ruby> d",
         "<i>a </i><ruby><i>b</i><rt><i>c</i></rt></ruby><i> d</i>"),
        ("Tom &amp; x", "am", "Tom <i>&amp;</i> x"),
        ("one<00:01.000>two", "one<00:01.000>two", "<i>one<00:01.000>two</i>"),
    ],
)  # fmt: skip
def test_italics(text: str, selected: str, expected: str) -> None:
    start = text.index(selected)
    assert toggled(text, start, start + len(selected), "<i>").text == expected


def test_one_colour_takes_the_place_of_another() -> None:
    once = toggled("one two", 0, 3, "<c.yellow>")
    assert once == ("<c.yellow>one</c> two", 10, 13)
    assert toggled(*once, "<c.red>").text == "<c.red>one</c> two"
    assert toggled(*once, "<c.yellow>").text == "one two"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("hello", "Ann", "<v Ann>hello"),
        ("<v Ann>hello", "Bob  Lee", "<v Bob Lee>hello"),
        ("<v.loud Ann>hello</v>", "Bob", "<v.loud Bob>hello</v>"),
        ("<v Ann>hello</v> all", "", "hello all"),
        ("<v Ann>hello", "A & B <x>", "<v A &amp; B &lt;x&gt;>hello"),
        ("- Hi\n<v Bob>Yo", "Ann", "<v Ann>- Hi\n</v><v Bob>Yo"),
        ("", "Ann", "<v Ann>"),
        ("hello", "", "hello"),
    ],
)
def test_speaker(text: str, name: str, expected: str) -> None:
    assert with_speaker(text, name) == expected


def test_ruby_over_plain_words_only() -> None:
    assert with_ruby("日本語", 0, 2, "にほん") == ("<ruby>日本<rt>にほん</rt></ruby>語", 6, 8)
    assert with_ruby("<i>a</i>b", 0, 9, "x") is None
    assert with_ruby("<ruby>a<rt>b</rt></ruby>", 6, 7, "x") is None


def test_bare_signs_are_written_as_they_must_be() -> None:
    typed = "a & b < c <i>d</i> &amp; <00:01.000> <v Ann>e <br>"
    assert escaped(typed) == "a &amp; b &lt; c <i>d</i> &amp; <00:01.000> <v Ann>e &lt;br>"


@pytest.mark.parametrize(
    ("text", "before", "behind"),
    [
        ("one| two", "one", "two"),
        ("<i>one| two</i>", "<i>one</i>", "<i>two</i>"),
        ("<v Ann><i>one\n|two</i> three", "<v Ann><i>one</i>", "<v Ann><i>two</i> three"),
        ("<c.red>one</c> |<b>two</b>", "<c.red>one</c>", "<b>two</b>"),
        ("<i>one</|i>", "<i>one</i>", ""),
        ("|<i>one</i>", "", "<i>one</i>"),
        ("Q&am|p;A", "Q&amp;", "A"),
        ("a <00:01.000>b| c", "a <00:01.000>b", "c"),
        ("a < b| c", "a < b", "c"),
    ],
)
def test_a_text_is_divided_with_its_tags(text: str, before: str, behind: str) -> None:
    at = text.index("|")
    assert divided(text[:at] + text[at + 1 :], at) == (before, behind)


@given(ANY_TEXT, st.integers(0, 30))
def test_dividing_loses_no_word(text: str, at: int) -> None:
    def words(part: str) -> str:
        return "".join("".join(p.raw for p in pieces(part) if p.text).split())

    before, behind = divided(text, at)
    assert words(before) + words(behind) == words(text)


@pytest.mark.parametrize(
    ("texts", "one"),
    [
        (["one", "two"], "one\ntwo"),
        (["<i>one", "two"], "<i>one</i>\ntwo"),
        (["<v Ann>one", "<v Bob>two"], "<v Ann>one</v>\n<v Bob>two"),
        (["<v Ann>one", "<v Ann>two <i>too</i>"], "<v Ann>one\ntwo <i>too</i>"),
        (["<v Ann>one</v>", "two"], "<v Ann>one</v>\ntwo"),
        (["<v Ann>one</v><v Bob>1</v>", "<v Ann>two"], "<v Ann>one</v><v Bob>1</v>\n<v Ann>two"),
    ],
)
def test_joined_texts_keep_their_tags_to_themselves(texts: list[str], one: str) -> None:
    assert joined(texts, "\n") == one
