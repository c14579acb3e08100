"""What a person can do to cues, and in which words the program says no."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import CueChange, Edit, Origin, joined
from vtt_desktop.domain.edits_text import (
    clean_text,
    merge_cues,
    remove_cues,
    set_identifier,
    set_settings,
    set_text,
    split_cue,
)
from vtt_desktop.domain.edits_timing import LATEST, set_times, shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.markup import pieces

THREE = Snapshot(cues=CueList.of(Cue(i, i * 1000, i * 1000 + 800, f"cue {i}") for i in (1, 2, 3)))
SHORT = Snapshot(cues=CueList.of([Cue(1, 0, 1, "a b")]))


@given(st.text(alphabet="a\n\r\0 \u2028\u0085", max_size=12))
def test_clean_text_is_what_a_cue_can_hold(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert "\0" not in clean and "\r" not in clean and "" not in clean.split("\n")[1:]
    assert clean.replace("\n", "") == text.replace("\0", "").replace("\r", "").replace("\n", "")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda: set_text(THREE, 9, "x"), "not in the document"),
        (lambda: shift(THREE, [1, 9], 5), "not in the document"),
        (lambda: set_text(THREE, 1, "a --> b"), "cannot hold"),
        (lambda: set_identifier(THREE, 1, "a\nb"), "one line"),
        (lambda: set_identifier(THREE, 1, "-->"), "one line"),
        (lambda: set_settings(THREE, 1, "-->"), "cannot hold"),
        (lambda: set_times(THREE, 1, 5, 5), "end after"),
        (lambda: set_times(THREE, 1, -1, 5), "between 0"),
        (lambda: set_times(THREE, 1, 0, LATEST + 1), "between 0"),
        (lambda: shift(THREE, [1, 3], LATEST), "past 99,999 hours"),
        (lambda: merge_cues(THREE, [1]), "two or more"),
        (lambda: merge_cues(THREE, [1, 3]), "neighbouring"),
        (lambda: split_cue(SHORT, 1, 2, at_char=1, at_ms=None), "short"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(edit: Callable[[], object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as refused:
        edit()
    assert str(refused.value).startswith(refused.value.message)


def test_what_changes_nothing_is_an_empty_edit() -> None:
    same = THREE.cues[0]
    for edit in (
        set_text(THREE, 1, "cue 1\n"),
        set_times(THREE, 1, same.start, same.end),
        set_identifier(THREE, 1, " "),
        set_settings(THREE, 1, ""),
        shift(THREE, [], 5),
        shift(THREE, [1], 0),
    ):
        assert edit.changes == ()


def test_a_shift_stops_at_nought_as_a_whole() -> None:
    after = applied(THREE, shift(THREE, [2, 3], -5000))
    assert [cue.start for cue in after.cues] == [1000, 0, 1000]
    at_nought = applied(after, shift(after, [1, 2], -1))
    assert list(at_nought.cues) == list(after.cues)


def words(text: str) -> str:
    """What is read of a cue text, without white space."""
    return "".join("".join(piece.raw for piece in pieces(text) if piece.text).split())


@given(cues(1), st.integers(0, 40) | st.none(), st.integers(-100, 20_000) | st.none())
def test_a_split_loses_no_time_and_no_word(cue: Cue, at_char: int | None, at_ms: int | None) -> None:
    if cue.duration < 2:
        return
    snapshot = Snapshot(cues=CueList.of([cue]))
    first, second = applied(snapshot, split_cue(snapshot, 1, 2, at_char=at_char, at_ms=at_ms)).cues
    assert (first.start, first.end, second.end) == (cue.start, second.start, cue.end)
    assert first.duration > 0 and second.duration > 0
    assert words(first.text) + words(second.text) == words(cue.text)
    assert (first.id, second.id, second.settings, first.lead) == (1, 2, cue.settings, cue.lead)


def test_a_split_by_time_cuts_between_words() -> None:
    snapshot = Snapshot(cues=CueList.of([Cue(1, 0, 1000, "one two three four")]))
    for at_ms, texts in ((500, ["one two", "three four"]), (150, ["one", "two three four"])):
        after = applied(snapshot, split_cue(snapshot, 1, 2, at_char=None, at_ms=at_ms))
        assert ([cue.text for cue in after.cues], after.cues[0].end) == (texts, at_ms)


def test_a_merge_has_the_first_ones_name_and_all_words() -> None:
    (one, two) = applied(THREE, merge_cues(THREE, [2, 1])).cues
    assert one == THREE.cues[0].with_(end=2800, text="cue 1\ncue 2")
    assert two == THREE.cues[2]


@pytest.mark.parametrize(
    ("leads", "lead"),
    [
        ((b"\n\n", b"\n\n", b"\r\n\r\n\r\n"), b"\n\n"),
        ((b"\n\n", b"\n\nNOTE a\n\n", b"\n\n"), b"\n\nNOTE a\n\n"),
        (
            (b"\n\nNOTE 0\n\n\n", b"\n\n\nNOTE\na\n\n", b"\n\nNOTE b\n\nNOTE c\n\n\n"),
            b"\n\nNOTE 0\n\n\nNOTE\na\n\nNOTE b\n\nNOTE c\n\n\n",
        ),
        ((b"\r\n\r\n", b"\n\nNOTE a\r\rNOTE \xff\n\n", b""), b"\r\n\r\nNOTE a\r\rNOTE \xff\n\n"),
        ((b"\n", b"\r\n\r\nNOTE a\r\nend\r\n", b"\n\nNOTE b\n\n"), b"\n\r\nNOTE a\r\nend\r\n\nNOTE b\n\n"),
        ((b"", b"\n\nNOTE new\n\n", b"\n\n"), b"\n\nNOTE new\n\n"),
        ((b"\n", b"\nComment: a line of ASS\n", b"\n"), b"\nComment: a line of ASS\n"),
    ],
)
def test_a_merge_keeps_the_comments_between_its_cues_as_they_are_written(
    leads: tuple[bytes, ...], lead: bytes
) -> None:
    led = [cue.with_(lead=lead) for cue, lead in zip(THREE.cues, leads, strict=True)]
    before = Snapshot(cues=CueList.of(led))
    edit = merge_cues(before, [1, 2, 3])
    after = applied(before, edit)
    assert [cue.lead for cue in after.cues] == [lead]
    assert tuple(applied(after, edit.inverse()).cues) == tuple(led)


def test_cues_go_in_any_order_and_are_told_of_once() -> None:
    edit = remove_cues(THREE, [3, 1, 3])
    assert (edit.label, [cue.id for cue in applied(THREE, edit).cues]) == ("Delete 2 cues", [2])
    assert remove_cues(THREE, [2]).label == "Delete cue"


def test_two_edits_of_one_cue_join_into_one_change() -> None:
    a, b, c = THREE.cues[0], THREE.cues[0].with_(text="b"), THREE.cues[0].with_(text="c")
    one = joined(
        Edit("First", (CueChange(a, b),), Origin.USER, "g"), Edit("Next", (CueChange(b, c),), group="h")
    )
    assert one == Edit("First", (CueChange(a, c),), Origin.USER, "h")
    gone = joined(Edit("First", (CueChange(a, b),)), Edit("Next", (CueChange(b, None),)))
    assert len(gone.changes) == 2
