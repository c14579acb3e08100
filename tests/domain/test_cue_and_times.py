"""What a cue says of itself, its settings and its times, as WebVTT writes them and as a person types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue, Source, settings_by_name, settings_text, split_voice
from vtt_desktop.domain.reading import characters_per_second, count_characters, spoken_text
from vtt_desktop.domain.timecode import format_duration, format_time, parse_time, parse_typed_time


@given(st.integers(0, 10**15))
def test_a_time_reads_back(ms: int) -> None:
    assert parse_time(format_time(ms)) == ms
    assert parse_time(format_time(ms, hours=False)) == ms
    assert parse_typed_time(format_time(ms)) == ms


@pytest.mark.parametrize(
    ("ms", "long", "short"),
    [
        (3723004, "01:02:03.004", "01:02:03.004"),
        (59_999, "00:00:59.999", "00:59.999"),
        (-1500, "-00:00:01.500", "-00:01.500"),
        (360_000_000, "100:00:00.000", "100:00:00.000"),
    ],
)
def test_times_as_webvtt_has_them(ms: int, long: str, short: str) -> None:
    assert (format_time(ms), format_time(ms, hours=False)) == (long, short)


@pytest.mark.parametrize(
    "text",
    ["", "1:02.000", "00:60.000", "60:00.000", "0:00:00.000", "00:00.00", "00:00.0000", "00:00,000",
     " 00:00.000", "00:00.000\n", "٠٠:٠٠.٠٠٠", "1" * 13 + ":00:00.000", "00:00", "-00:00.000"],
)  # fmt: skip
def test_what_is_no_webvtt_timestamp(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("typed", "ms"),
    [("62.5", 62500), ("62,5", 62500), ("1:2.5", 62500), (" 0:1:2.5 ", 62500), ("1:2:3.04", 3723040),
     ("5", 5000), ("0.0019", 1), ("90:00", 5_400_000), ("", None), ("x", None), ("1:2:3:4", None),
     ("-1", None), ("1.", None), ("9" * 13, None)],
)  # fmt: skip
def test_times_as_a_person_types_them(typed: str, ms: int | None) -> None:
    assert parse_typed_time(typed) == ms


def test_a_duration_is_seconds() -> None:
    assert (format_duration(2500), format_duration(1)) == ("2.500", "0.001")


@pytest.mark.parametrize(
    ("text", "speaker", "voice"),
    [
        ("<v Ann>Hi", "Ann", "<v Ann>"),
        ("<v.loud.x  Ann\n Lee >Hi", "Ann Lee", "<v.loud.x  Ann\n Lee >"),
        ("Hi <v Ann>", "", ""),
        ("<vAnn>Hi", "", ""),
        ("<v Ann", "", ""),
        ("<v >Hi", "", "<v >"),
    ],
)
def test_the_speaker_is_the_voice_that_opens_the_text(text: str, speaker: str, voice: str) -> None:
    cue = Cue(1, 0, 1, text)
    assert (cue.speaker, split_voice(text)) == (speaker, (voice, text.removeprefix(voice)))


@given(st.text(max_size=30))
def test_voice_and_rest_are_the_text(text: str) -> None:
    assert "".join(split_voice(text)) == text


def test_settings_keep_every_word_and_the_last_of_two() -> None:
    assert settings_by_name("line:0  foo align:start line:50%,end") == {
        "line": "50%,end", "foo": "", "align": "start",
    }  # fmt: skip
    assert settings_text(settings_by_name("line:0 foo")) == "line:0 foo"


def test_a_cue_is_what_it_says_whatever_it_was_read_from() -> None:
    source = Source("", 0, 1, "", "x", b"x")
    cue = Cue(1, 0, 1, "x", source=source)
    assert cue == Cue(1, 0, 1, "x")
    assert (cue.with_(text="y").source, cue.at(5, 9).source) == (source, source)


@given(st.integers(-10, 10), st.integers(-10, 10))
def test_at_is_with_of_times(start: int, end: int) -> None:
    cue = Cue(3, 1, 2, "t", "i", "s", b"l", Source("i", 1, 2, "s", "t", b"b"))
    there = cue.at(start, end)
    assert (there, there.source) == (cue.with_(start=start, end=end), cue.source)
    assert there.duration == end - start


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<v Ann>Hi</v> you", 6),
        ("a\nb\r\nc", 3),
        ("&amp;&lt;", 2),
        ("e\u0301", 1),
        ("\u200fab", 2),
        ("日本", 2),
        ("{\\pos(100,100)}<i>Hello</i>{\\i0}\nworld", 10),
        ("{see} {\\", 8),
    ],
)
def test_what_is_read_is_counted(text: str, count: int) -> None:
    assert count_characters(text) == count


def test_reading_speed() -> None:
    assert characters_per_second("ten chars!", 500) == 20.0
    assert (characters_per_second("x", 0), characters_per_second("", -1)) == (float("inf"), 0.0)
    assert spoken_text("<i>a</i> &gt; b") == "a > b"
