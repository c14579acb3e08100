"""Words that an edit moved away come back into what a cue says now; all else stays as it is."""

from __future__ import annotations

import pytest

from vtt_desktop.sync.moved_text import Words, with_words


@pytest.mark.parametrize(
    ("before", "now", "moved", "text"),
    [
        ("one two three", "two three", "one", "one two three"),
        ("one two three", "one THREE", "two", "one two THREE"),
        ("one two", "", "one two", "one two"),
        ("天地玄黄", "天黄", "地 玄", "天地玄黄"),
        ("two three", "one two\nthree", "four", "one two\nthree"),
        ("two three four", "one two\nthree", "four", "one two\nthree four"),
        ("two three", "two  \nthree ", "four", "two  \nthree "),
    ],
    ids=[
        "at the start",
        "another typed over",
        "all of it",
        "without blanks",
        "none, and lines broken otherwise",
        "one, and lines broken otherwise",
        "none, and blanks at the end of a line",
    ],
)
def test_words_come_back_where_they_stood(before: str, now: str, moved: str, text: str) -> None:
    assert with_words(before, now, Words(moved.split())) == text
