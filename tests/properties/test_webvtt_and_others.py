"""The formats beside WebVTT keep their bytes too, and WebVTT text survives the way there and back."""

from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.formats.ass import read_ass, write_ass
from vtt_desktop.formats.srt import as_foreign, read_srt, write_srt
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_write import write_webvtt

eols = st.sampled_from([b"\n", b"\n", b"\r\n", b"\r"])
srt_lines = st.sampled_from(
    [
        b"1",
        b" 2 ",
        b"00:00:01,000 --> 00:00:02,500",
        b"0:0:1.5-->0:0:2,25 X1:10",
        b"3\n0:0:1.5-->0:0:2.25",
        b"text",
        b"",
        b"",
        b" ",
        b"<i>a</i>",
    ]
    + [
        b"{\\an8}top",
        b"a & b < c",
        b"-->",
        b"99:59:59,999 --> 00:00:00,000",
        "é".encode(),
        b"\xef\xbb\xbf",
        b"\xff",
    ]
)
ass_lines = st.sampled_from(
    [
        b"[Script Info]",
        b"[Events]",
        b"[Fonts]",
        b"Format: Layer, Start, End, Style, Name, Text",
        b"; comment",
        b"",
    ]
    + [
        b"Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,Hi {\\i1}you{\\i0}\\Nthere, you",
        b"Dialogue: broken",
        b"x",
    ]
    + [
        b"Comment: 0,0:00:01.00,0:00:02.00,Default,,no",
        b"Format: Start, End, Text",
        b"Dialogue: 0:0:1.0,0:0:2.00,{\\pos(1,2)}x",
    ]
)


def joined(lines: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.lists(st.builds(bytes.__add__, lines, eols), max_size=20).map(b"".join)


@given(joined(srt_lines))
def test_subrip_comes_back(data: bytes) -> None:
    assert write_srt(read_srt(data)) == data


@given(joined(ass_lines))
def test_ass_comes_back(data: bytes) -> None:
    assert write_ass(read_ass(b"[Script Info]\n" + data)) == b"[Script Info]\n" + data


words = st.lists(
    st.sampled_from(["one", "&", "<", ">", "é", "-", " ", "\n", "{", "}", "5"]), min_size=1, max_size=8
)


@given(st.lists(st.tuples(words.map("".join), st.integers(0, 10**7), st.integers(1, 9999)), max_size=5))
def test_subrip_to_webvtt_and_back_gives_equal_cues(given_cues: list[tuple[str, int, int]]) -> None:
    blocks = []
    for i, (text, start, length) in enumerate(given_cues, 1):
        kept = "\n".join(line for line in text.split("\n") if line.strip()).strip() or "x"
        cue = Cue(i, start, start + length, kept.replace("&", "&amp;").replace("<", "&lt;"))
        blocks.append(cue)
    first = read_srt(write_srt(Snapshot(cues=CueList.of(blocks))))
    webvtt = read_webvtt(write_webvtt(Snapshot(cues=as_foreign(first.cues)))).snapshot
    again = read_srt(write_srt(Snapshot(cues=as_foreign(webvtt.cues))))
    assert [(c.start, c.end, c.text) for c in again.cues] == [(c.start, c.end, c.text) for c in first.cues]
    assert len(first.cues) == len(given_cues)
