"""What the fuzzer found: files that did not come back although nobody had touched them."""

import pytest

from vtt_desktop.domain.document import applied
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.formats.ass import read_ass, write_ass
from vtt_desktop.formats.srt import read_srt, write_srt

ONE = b"1\n00:00:01,000 --> 00:00:02,000\nHi"


@pytest.mark.parametrize(
    "data",
    [
        ONE,  # no line end behind the last line
        ONE + b"\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nyou",
        ONE + b"\n\n00:00:03.000 --> 00:00:04.000\nno number, and points for commas\n",
        b"00:01,000 --> 00:02,000\nno hours",
    ],
)
def test_subrip_comes_back(data: bytes) -> None:
    assert write_srt(read_srt(data)) == data


def test_an_edit_of_the_last_line_does_not_end_it() -> None:
    snapshot = read_srt(ONE)
    assert write_srt(applied(snapshot, set_text(snapshot, 1, "Ho"))) == ONE.replace(b"Hi", b"Ho")


@pytest.mark.parametrize(
    "data", [b"[Script Info]\nTitle: x", b"[Script Info]", b"[V4+ Styles]\r\n\r\n[Events]"]
)
def test_ass_without_a_line_comes_back(data: bytes) -> None:
    assert write_ass(read_ass(data)) == data
