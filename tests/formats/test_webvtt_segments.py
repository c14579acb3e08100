"""Text of segments: read and written so that nothing of it is lost."""

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_segments import SegmentText
from vtt_desktop.formats.webvtt_write import Style

segments = SegmentText()


@pytest.mark.parametrize(
    ("text", "texts", "tail"),
    [
        ("\n\n00:01.000 --> 00:02.000\nHello", ["Hello"], ""),
        ("00:01.000 --> 00:02.000\nHello\n\n", ["Hello"], "\n\n"),
        (
            "\r\n\r\nNOTE x\r\n\r\nid\r\n00:01.000 --> 00:02.000\r\nA\r\nB\n00:02.000 --> 00:03.000\n",
            ["A\nB", ""],
            "\n",
        ),
        ("STYLE\nx\n\n00:01.000 --> 00:02.000\nHello", ["Hello"], ""),
        ("a bare payload", [], "a bare payload"),
        ("", [], ""),
    ],
)
def test_blocks_come_back(text: str, texts: list[str], tail: str) -> None:
    blocks = segments.read_blocks(text)
    assert [cue.text for cue in blocks.cues] == texts
    assert blocks.tail == tail
    assert segments.write_blocks(blocks.cues, blocks.tail) == text
    assert {cue.id for cue in blocks.cues} <= {0}


def test_files_are_told_by_their_signature() -> None:
    assert segments.looks_like_file("\ufeffWEBVTT\n")
    assert segments.looks_like_file("WEBVTT")
    assert not segments.looks_like_file("WEBVTTX")
    assert not segments.looks_like_file("00:01.000 --> 00:02.000\nWEBVTT")


def test_a_file_comes_back() -> None:
    text = "\ufeffWEBVTT\n\nSTYLE\n::cue{}\n\n00:01.000 --> 00:02.000\nHello\n\nNOTE end\n"
    head, cues = segments.read_file(text)
    assert segments.write_file(head, cues) == text
    before, after = segments.write_head(head)
    assert segments.read_head(before, after) == head
    assert before + segments.write_blocks(cues) + after == text


def test_new_cues_are_written_in_the_style_asked_for() -> None:
    cues = [Cue(0, 1000, 2000, "a\nb"), Cue(0, 3000, 4000, "c", "id")]
    assert SegmentText(Style(b"\r\n", False)).write_blocks(cues) == (
        "00:01.000 --> 00:02.000\r\na\r\nb\r\n\r\nid\r\n00:03.000 --> 00:04.000\r\nc"
    )


def test_bytes_that_cannot_be_sent_are_named() -> None:
    snapshot = read_webvtt(b"WEBVTT\n\n01:00:01.000 --> 01:00:02.000\n\xff\n").snapshot
    with pytest.raises(UserError, match=r"Byte 0xff in the cue at 01:00:01\.000 is not UTF-8"):
        segments.write_blocks(snapshot.cues)
    mended = [cue.with_(text="mended") for cue in snapshot.cues]
    assert segments.write_blocks(mended).endswith("\nmended")
    with pytest.raises(UserError, match="lone surrogate"):
        segments.read_blocks("\ud800")
    with pytest.raises(UserError, match="is not a WebVTT file"):
        segments.read_file("hello")
