"""Differences in words, fields that matter, and a wording for every kind of conflict."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.ui.dialogs.conflict_fields import versions
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS, cue_name, field_name, quoted
from vtt_desktop.ui.theme import contrast, theme
from vtt_desktop.ui.word_marks import Mark, Piece, as_html, as_words, marked

BASE = Cue(7, 1000, 2000, "The ferry leaves at noon.", settings="line:0")


@given(st.text("ab \n<>&", max_size=20), st.text("ab \n<>&", max_size=20))
def test_the_pieces_are_both_texts(base: str, other: str) -> None:
    pieces = marked(base, other)
    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == base
    assert "".join(p.text for p in pieces if p.mark is not Mark.REMOVED) == other


def test_one_word_changed_is_one_word_marked() -> None:
    assert marked("The ferry leaves.", "The boat leaves.") == (
        Piece("The "),
        Piece("ferry", Mark.REMOVED),
        Piece("boat", Mark.ADDED),
        Piece(" leaves."),
    )


def test_two_words_changed_side_by_side_are_one_mark() -> None:
    added = [p.text for p in marked("one two three", "one zwei drei") if p.mark is Mark.ADDED]
    assert added == ["zwei drei"]


def test_marks_need_no_colour_and_text_is_no_markup() -> None:
    found = as_html(marked("a <b>", "a <i>"), theme(True))
    assert "underline" in found and "line-through" in found
    assert "&lt;i&gt;" in found and "<i>" not in found
    assert "white-space:pre-wrap" in found, "spaces count"
    assert as_words(marked("old end", "new end")) == "removed “old”, added “new”"
    assert as_words(marked("same", "same")) == ""


@pytest.mark.parametrize("dark", [True, False])
def test_marks_can_be_read(dark: bool) -> None:
    colors = re.findall(
        r"color:(#\w{6}); background-color:(#\w{6})", as_html(marked("a b", "a c"), theme(dark))
    )
    assert len(colors) == 2
    for text, ground in colors:
        assert contrast(QColor(text), QColor(ground)) >= 4.5


def test_only_fields_that_somebody_changed_are_shown_and_the_text() -> None:
    rows = versions(
        Conflict(7, BASE, BASE.with_(end=2500), BASE.with_(end=2600, settings="line:1"), ConflictKind.EDIT)
    )
    assert [row.field for row in rows] == ["text", "end", "setting:line"]
    text, end, line = rows
    assert end.clash and (end.base, end.mine, end.theirs) == ("00:00:02.000", "00:00:02.500", "00:00:02.600")
    assert line.changed and not line.clash
    assert not text.changed


def test_of_a_removed_cue_only_what_the_other_side_changed_is_shown() -> None:
    rows = versions(Conflict(7, BASE, BASE.with_(text="Mine."), None, ConflictKind.REMOVED_THERE))
    assert [(row.field, row.theirs) for row in rows] == [("text", None)]
    rows = versions(Conflict(7, BASE, None, BASE.with_(end=2500), ConflictKind.REMOVED_HERE))
    assert [row.field for row in rows] == ["text", "end"]


@pytest.mark.parametrize("kind", ConflictKind)
def test_every_kind_has_its_words(kind: ConflictKind) -> None:
    words = WORDINGS[kind]
    assert words.short and words.story and words.mine != words.theirs
    assert "{" not in words.title.format(cue="cue 1")


def test_cues_and_fields_have_names() -> None:
    conflict = Conflict(7, BASE, None, BASE, ConflictKind.REMOVED_HERE)
    assert cue_name(conflict, 3) == "cue 3"
    assert cue_name(conflict, None) == "the cue “The ferry leaves at noon”"
    voice = BASE.with_(text="<v Odile>Well &amp; good")
    spoken = Conflict(7, voice, None, BASE, ConflictKind.REMOVED_HERE)
    assert cue_name(spoken, None) == "the cue “Well & good”"
    assert field_name("setting:line") == "Line" and field_name("end") == "End"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well.", "“Well”"),
        ("Well?!", "“Well”"),
        ("It is <i>the last</i> one before the night falls.", "“It is the last one before the…”"),
        ("The captain never tells anybody why.", "“The captain never tells…”"),
        (
            "船長は誰にも理由を教えてくれないと言われているが、それは本当なのだろうか。",
            "“船長は誰にも理由を教えてくれないと言われているが、それは本当…”",
        ),
        ("…", "“…”"),
        ("", ""),
    ],
)
def test_a_quote_is_short_and_ends_without_a_sign_of_its_own(text: str, words: str) -> None:
    assert quoted(text) == words
