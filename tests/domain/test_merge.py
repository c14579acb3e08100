"""The laws of the three-way merge, of cues field by field and of text on tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.merge import FieldConflict, fields, merge_cue, propose_text
from vtt_desktop.domain.text_merge import merge_text, tokens

BASE = Cue(1, 1000, 2000, "<v Ann>one two", "a", "line:0 align:start", b"\n\nNOTE x\n\n")
WORDS = st.lists(st.sampled_from(["one", "two", "<i>", "&amp;", "日", "é", "\n", " ", ",", "’"]), max_size=8)
SOME_TEXT = WORDS.map("".join)


@given(cues(), cues(), cues())
def test_each_field_is_that_of_who_changed_it_or_in_conflict(base: Cue, mine: Cue, theirs: Cue) -> None:
    result = merge_cue(base, mine, theirs)
    was, ours, other, got = (fields(cue) for cue in (base, mine, theirs, result.cue))
    torn = {conflict.field for conflict in result.conflicts}
    for name in {*was, *ours, *other}:
        b, m, t, r = (side.get(name) for side in (was, ours, other, got))
        if name in torn:
            assert r == m and m != t, "on a conflict mine stands until a person decides"
        else:
            assert r == (t if m == b else m)
            assert m in (b, t) or t == b
    assert result.cue.id == mine.id


@given(cues(), cues(), cues())
def test_the_sides_may_be_swapped(base: Cue, mine: Cue, theirs: Cue) -> None:
    one, two = merge_cue(base, mine, theirs), merge_cue(base, theirs, mine)
    assert set(one.conflicts) == {FieldConflict(c.field, c.base, c.theirs, c.mine) for c in two.conflicts}
    if one.clean:
        assert fields(one.cue) == fields(two.cue)


@given(cues(), cues())
def test_who_changed_nothing_takes_everything(base: Cue, other: Cue) -> None:
    for mine, theirs in ((base, other), (other, base), (other, other)):
        result = merge_cue(base, mine, theirs)
        assert result.clean and result.cue == other


@given(cues(), cues(), cues())
def test_a_clean_merge_of_sound_cues_is_sound(base: Cue, mine: Cue, theirs: Cue) -> None:
    result = merge_cue(base, mine, theirs)
    assert result.cue.end > result.cue.start or not result.clean


def test_different_fields_merge_and_are_named() -> None:
    mine = BASE.with_(text="<v Ann>one three", settings="line:0 align:end")
    theirs = BASE.with_(start=900, text="<v Bob>one two", settings="line:5 align:start size:40%")
    result = merge_cue(BASE, mine, theirs)
    assert result.clean
    assert result.took == ("start", "setting:line", "speaker", "setting:size")
    assert result.cue == BASE.with_(start=900, text="<v Bob>one three", settings="line:5 align:end size:40%")


def test_text_that_both_changed_is_never_merged_in_silence() -> None:
    mine, theirs = BASE.with_(text="<v Ann>ONE two"), BASE.with_(text="<v Ann>one TWO")
    result = merge_cue(BASE, mine, theirs)
    assert result.conflicts == (FieldConflict("text", "one two", "ONE two", "one TWO"),)
    assert propose_text(BASE, mine, theirs) == ("<v Ann>ONE TWO", True)


def test_times_from_both_sides_that_make_no_duration_are_a_conflict() -> None:
    result = merge_cue(BASE, BASE.with_(start=1900), BASE.with_(end=1500))
    assert [c.field for c in result.conflicts] == ["start", "end"]
    assert (result.cue.start, result.cue.end) == (1900, 2000)


def test_times_that_make_no_duration_are_a_conflict_beside_another() -> None:
    """What “keep mine” makes of it would end before it starts."""
    result = merge_cue(BASE, BASE.with_(start=1900, text="A"), BASE.with_(end=1500, text="B"))
    assert {c.field for c in result.conflicts} >= {"start", "end", "text"}
    assert (result.cue.start, result.cue.end) == (1900, 2000)


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("<v Ann>hello", "hello", "<v Ann>hello</v>"),
        ("<v Ann>hello", "hello", "<v Ann>hello</v> <i>you</i>"),
    ],
)
def test_a_tag_that_lost_its_other_half_is_a_conflict(base: str, mine: str, theirs: str) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        result = merge_cue(BASE.with_(text=base), BASE.with_(text=one), BASE.with_(text=other))
        assert [c.field for c in result.conflicts] == ["speaker", "text"] and result.cue.text == one


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("<v Ann>hello", "<v Bob>hello", "<v Ann>hello</v>", "<v Bob>hello</v>"),
        ("<v Ann>hello</v>", "<v Bob>hello</v>", "<v Ann>hello", "<v Bob>hello"),
        ("<v Ann>a <i>b", "a <i>b", "<v Ann>c <i>b", "c <i>b"),  # loose before, no worse now
    ],
)
def test_tags_that_fit_merge(base: str, mine: str, theirs: str, merged: str) -> None:
    result = merge_cue(BASE.with_(text=base), BASE.with_(text=mine), BASE.with_(text=theirs))
    assert result.clean and result.cue.text == merged


@pytest.mark.parametrize("theirs_lead", [b"\r\n\r\nNOTE x\r\n", b"\n\n\nNOTE x\n\n"])
def test_blank_lines_are_no_comment(theirs_lead: bytes) -> None:
    base = BASE.with_(lead=b"\n\n")
    assert merge_cue(base, base.with_(lead=b"\r\n\r\n"), base.with_(lead=b"\n\n\n")).clean
    both = merge_cue(base, base.with_(lead=b"\n\nNOTE mine\n"), base.with_(lead=theirs_lead))
    assert [c.field for c in both.conflicts] == ["comment"]


@given(SOME_TEXT)
def test_tokens_are_the_text_again(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_tokens_keep_together_what_belongs_together() -> None:
    assert tokens("<v.loud Ann>It’s 日本&nbsp;ok,\n é2 ไท") == [
        "<v.loud Ann>", "It’s", " ", "日", "本", "&nbsp;", "ok", ",", "\n", " ", "é2", " ", "ไ", "ท",
    ]  # fmt: skip


@given(SOME_TEXT, SOME_TEXT, SOME_TEXT)
def test_laws_of_the_text_merge(base: str, mine: str, theirs: str) -> None:
    assert merge_text(base, mine, mine) == (mine, True)
    assert merge_text(base, mine, base) == (mine, True)
    assert merge_text(base, base, theirs) == (theirs, True)
    merged, clean = merge_text(base, mine, theirs)
    other, other_clean = merge_text(base, theirs, mine)
    assert clean == other_clean
    assert not clean or merged == other


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "clean"),
    [
        ("one two three", "ONE two three", "one two THREE", "ONE two THREE", True),
        ("one two three", "one 2 three", "one II three", "one 2 three", False),
        ("one two three", "one two", "one two three four", "one two", False),
        ("Hello world", "Hello, world", "Hello world!", "Hello, world!", True),
        ("a b c d", "a c d", "a b c", "a c", True),
        ("", "mine", "theirs", "mine", False),
        ("It is the last boat.", "Theirs, all the very.", "Is it? Mine.", "Theirs, all the very.", False),
        ("the cat sat on the mat", "the cat sat on a rug", "Nobody came.", "the cat sat on a rug", False),
        ("a b c d e", "A B c d e", "a b c D E", "A B c D E", True),
        ("<i>one</i> two", "<b>one</b> two", "<i>one</i> TWO", "<b>one</b> TWO", True),
    ],
)
def test_texts_merge_as_a_person_would(base: str, mine: str, theirs: str, merged: str, clean: bool) -> None:
    assert merge_text(base, mine, theirs) == (merged, clean)
