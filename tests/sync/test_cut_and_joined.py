"""Each rule by which it is told what one edit did to several cues, alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.cut_and_joined import (
    NEAR,
    Other,
    cut_off,
    given_from,
    got_all,
    got_rest,
    joined,
    less_at_end,
    rest,
    shortened_alike,
    with_again,
    without,
)
from vtt_desktop.sync.moved_text import Words

BASE = Cue(1, 10_000, 16_000, "one two three four")
FIRST = BASE.with_(end=12_000, text="one")
FAR = BASE.end + NEAR + 1


def other(start: int, end: int, text: str, *, was: str | None = None, told: bool = False) -> Other:
    """A cue that was made, or that had another text before."""
    cue = Cue(2, start, end, text)
    before = cue.with_(text=was) if was is not None else None
    return Other(cue, before, cue, made=was is None, here=False, told=told)


@pytest.mark.parametrize(
    ("one", "part"),
    [
        (other(12_000, 16_000, "two three four"), True),
        (other(12_000, 16_000, "two three four", was="two"), False),
        (other(12_000, 15_000, "two"), True),
        (other(12_000, 15_000, "two three four and more"), True),
        (other(12_000, 15_000, "two and more"), False),
        (other(12_000, 16_000, "two and more"), True),
        (other(12_000, 16_000, "and more"), False),
        (other(11_000, 15_000, "two"), False),
        (other(12_000, 19_000, "two three four\nand the next"), True),
        (other(12_000, 19_000, "and the next"), False),
        (other(FAR, FAR + 1000, "two three four"), False),
        (other(17_000, 18_000, "two three four"), True),
        (replace(other(17_000, 18_000, "two three four"), doubtful=True), False),
        (other(FAR, FAR + 1000, "two"), False),
        (other(FAR, FAR + 1000, "two", told=True), True),
        (other(17_000, 18_000, "two"), False),
        (other(17_000, 18_000, "two three four five"), False),
    ],
    ids=[
        "made of the rest",
        "not made",
        "some of the rest, in its time",
        "more than the rest, in its time",
        "some of it and more, in its time",
        "some of it and more, in just the time that was left",
        "none of it there",
        "some of it, over the first part",
        "joined to the next",
        "the next, longer",
        "all the words far away",
        "all the words near",
        "all the words near, at the time of another cue",
        "one word far away",
        "one word far away that is known to be from it",
        "one of the words near",
        "more than the words near",
    ],
)
def test_a_part_that_was_cut_off(one: Other, part: bool) -> None:
    assert cut_off(one, BASE, FIRST) is part


def test_all_that_was_cut_off_is_looked_for_near() -> None:
    side = BASE.with_(text="one two three")
    assert cut_off(other(17_000, 18_000, "four"), BASE, side)
    assert not cut_off(other(FAR, FAR + 1000, "four"), BASE, side)


def test_what_the_base_said_before_was_not_joined_to_it() -> None:
    gone = Cue(3, 11_000, 12_000, "two three four")
    assert not joined(gone, BASE, BASE.with_(text="one two three four five"))


@pytest.mark.parametrize(
    ("one", "all_of_it"),
    [
        (other(0, 16_000, "zero one two three four", was="zero"), True),
        (other(0, 16_000, "zero one two three", was="zero"), False),
        (other(0, 16_000, "one two three four", was="one two three four"), False),
        (other(0, 16_000, "one two three four"), False),
        (Other(BASE, None, BASE, made=False, here=True, told=True), True),
        (Other(BASE, None, BASE, made=False, here=True), False),
    ],
)
def test_a_cue_that_got_all(one: Other, all_of_it: bool) -> None:
    assert got_all(one, BASE) is all_of_it
    assert not got_all(one, BASE.with_(text=""))


@pytest.mark.parametrize(
    ("one", "just_that"),
    [
        (other(16_000, 19_000, "four five", was="five"), True),
        (other(16_000, 19_000, "four five six", was="five"), False),
        (other(16_000, 19_000, "four five"), False),
        (Other(Cue(2, 0, 1, "four five"), None, Cue(2, 0, 1, "four five"), False, True, told=True), True),
        (Other(Cue(2, 0, 1, "five"), None, Cue(2, 0, 1, "five"), False, True, told=True), False),
        (Other(Cue(2, 0, 1, "four five"), None, Cue(2, 0, 1, "four five"), False, True), False),
    ],
)
def test_a_cue_that_got_what_was_carried_over(one: Other, just_that: bool) -> None:
    assert got_rest(one, BASE, BASE.with_(text="one two three")) is just_that
    assert not got_rest(one, BASE, BASE)


@pytest.mark.parametrize(
    ("became", "now", "start", "side", "words"),
    [
        ("a", "a", 8000, "b one two three four", "b"),
        ("a", "a", 8000, "one two three four b", "b"),
        ("a", "a", 8000, "one two b three four", ""),
        ("a", "a", 100, "b one two three four", ""),
        ("a", "a b", 8000, "b one two three four", ""),
        ("a b", "a", 8000, "b one two three four", ""),
        ("", "", 8000, "b one two three four", "b"),
        ("", "", 8000, "one two three four b", ""),
    ],
    ids=[
        "before",
        "behind",
        "in between",
        "far",
        "there again",
        "gone since",
        "more went, from the end that faces it",
        "more went, from the other end",
    ],
)
def test_words_that_came_from_another(became: str, now: str, start: int, side: str, words: str) -> None:
    was = Cue(2, start, start + 1000, "a b")
    one = Other(was.with_(text=now), was, was.with_(text=became), made=False, here=False)
    assert given_from(one, BASE, BASE.with_(text=side), Words()) == Words(words.split())


@pytest.mark.parametrize(
    ("side", "other", "alike"),
    [
        ("one two", "x one two", True),
        ("three four", "three four x", True),
        ("one two", "one two x", False),
        ("three four", "x three four", False),
        ("one two", "one two three", False),
        ("one two", "", False),
        ("", "one two", False),
    ],
)
def test_what_both_sides_took_away_alike(side: str, other: str, alike: bool) -> None:
    assert shortened_alike(BASE, BASE.with_(text=side), BASE.with_(text=other)) is alike


def test_a_new_cue_that_got_what_was_carried_over_or_all() -> None:
    new = Cue(2, 16_000, 19_000, f"{BASE.text} five")
    told = Other(new, None, new, made=True, here=True, told=True)
    assert got_all(told, BASE) and got_rest(told, BASE, BASE.with_(text="one two three"))
    assert not got_all(replace(told, told=False), BASE)
    assert given_from(told, BASE, BASE.with_(text=new.text), Words()) == Words()


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("a b c", "a", "b c"),
        ("a b c", "c", "a b"),
        ("<i>a b</i>", "a", "b</i>"),
        ("a b c", "b", "a b c"),
        ("a b a", "a", "b a"),
        ("a b", "a b", ""),
    ],
)
def test_words_that_stand_at_one_end(text: str, words: str, left: str) -> None:
    assert less_at_end(text, Words(words.split())) == left


def test_of_what_was_typed_over_in_it_a_sign_tells_nothing() -> None:
    gone = Cue(3, 16_000, 18_000, "a, b")
    longer = BASE.with_(end=18_000)
    assert joined(gone, BASE, longer.with_(text=f"{BASE.text} x, b"))
    assert not joined(gone, BASE, longer.with_(text=f"{BASE.text} x, y"))


def test_words_that_a_cue_has_are_not_given_to_it_again() -> None:
    was = Cue(2, 8000, 9000, "a b")
    assert with_again(Other(was, was, was.with_(text="a"), False, False), Words("b")) is None


@pytest.mark.parametrize(
    ("was", "became", "now", "again"),
    [
        ("a b\nc", "a c", "a c", ("a b\nc", 8000, 9000)),
        ("a b c", "a c", "a\nc", ("a b\nc", 8000, 8500)),
        ("a b c", "a c", "a c d", ("a b c d", 8000, 8500)),
        ("a b c", "a", "a", ("a b", 8000, 8500)),
        ("b a b", "b a", "b a", ("b a b", 8000, 9000)),
    ],
    ids=["just that", "lines broken since", "typed since", "more of it went elsewhere", "one of two"],
)
def test_a_cue_that_gave_words_has_them_again(
    was: str, became: str, now: str, again: tuple[str, int, int]
) -> None:
    """With its times where nothing else was done to it."""
    before = Cue(2, 8000, 9000, was)
    short = before.with_(end=8500)
    other = Other(short.with_(text=now), before, short.with_(text=became), False, False)
    found = with_again(other, Words("b"))
    assert found is not None and (found.text, found.start, found.end) == again


@pytest.mark.parametrize(
    ("was", "became", "now", "left"),
    [
        ("a\nb", "a x b", "a x b", "a\nb"),
        ("a b", "a x b", "a\nx b", "a\nb"),
        ("a b", "x b", "x b", "b"),
        ("", "x", "x", None),
    ],
    ids=["just that", "lines broken since", "a word of it went elsewhere", "an empty cue"],
)
def test_a_cue_that_got_a_word_without_it(was: str, became: str, now: str, left: str | None) -> None:
    before = Cue(2, 16_000, 19_000, was)
    other = Other(before.with_(text=now), before, before.with_(text=became), False, False)
    found = without(other, "x", BASE.start, BASE.end)
    assert (found and found.text) == left


def test_what_is_taken_out_of_a_cue_leaves_what_else_was_done_to_it() -> None:
    was = Cue(2, 0, 10_000, "zero")
    became = was.with_(end=16_000, text=f"zero {BASE.text}")
    moved = became.with_(start=500)
    left = without(Other(moved, was, became, False, True), BASE.text, BASE.start, BASE.end)
    assert left == was.with_(start=500)
    behind = Cue(3, 10_000, 20_000, f"{BASE.text} five")
    assert without(Other(behind, None, behind, False, True), BASE.text, BASE.start, BASE.end) == behind.with_(
        start=16_000, text="five"
    )


@pytest.mark.parametrize(
    ("base", "side", "left"),
    [("a b", "a", "b"), ("a b", "b", "a"), ("a b", "", ""), ("a b c", "b", ""), ("a", "a b", "")],
)
def test_what_stands_at_one_end(base: str, side: str, left: str) -> None:
    assert rest(base, side) == left
