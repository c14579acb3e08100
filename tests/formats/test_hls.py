"""WebVTT in HTTP Live Streaming: split and join lose nothing, and the film's clock is honoured."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats import corpus
from tests.properties.test_webvtt import files, files_with_cues
from vtt_desktop.app.cli import main
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.hls import (
    TimestampMap,
    display_offset,
    join_segments,
    playlist_names,
    split_segments,
    timestamp_map,
)
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import has_signature

FILM = b"""WEBVTT - a film
Kind: captions

STYLE
::cue { color: red }

NOTE of the first

1
00:00:01.000 --> 00:00:03.000
one

00:00:03.500 --> 00:00:09.000 line:0
over two borders

00:00:08.000 --> 00:00:09.500
last

NOTE the end
"""


def joined(parts: list[bytes]) -> bytes:
    return join_segments(parts)[0]


def texts(data: bytes) -> list[str]:
    return [cue.text for cue in read_webvtt(data).snapshot.cues]


def test_a_cue_stands_in_each_segment_in_which_it_shows() -> None:
    made = split_segments(FILM, 4000)
    assert [(one.start, one.duration) for one in made] == [(0, 4000), (4000, 4000), (8000, 1500)]
    assert [texts(one.data) for one in made] == [
        ["one", "over two borders"],
        ["over two borders"],
        ["over two borders", "last"],
    ]
    for one in made:
        file = read_webvtt(one.data)
        assert timestamp_map(file.header) == TimestampMap(0, 0)
        assert file.styles == ("::cue { color: red }",)
    assert joined([one.data for one in made]) == FILM


def test_the_map_of_the_file_is_the_map_of_its_segments() -> None:
    data = FILM.replace(b"Kind:", b"X-TIMESTAMP-MAP=LOCAL:00:00:01.000,MPEGTS:900000\nKind:")
    for one in split_segments(data, 4000, mpegts=7):
        assert timestamp_map(read_webvtt(one.data).header) == TimestampMap(900_000, 1000)
    assert joined([one.data for one in split_segments(data, 4000)]) == data


@pytest.mark.parametrize(
    ("line", "offset"),
    [
        (b"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000", 10_000),
        (b"X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:12.500", -2500),
        (b"X-TIMESTAMP-MAP= MPEGTS:181083, LOCAL:00:00.000", 2012),
        (b"X-TIMESTAMP-MAP=LOCAL:00:00:00.000", None),
        (b"X-TIMESTAMP-MAP=LOCAL:x,MPEGTS:900000", None),
        (b"X-TIMESTAMP-MAP=LOCAL:00:00.000,MPEGTS:-1", None),
        (b"X-TIMESTAMP-MAP=LOCAL:00:00.000,MPEGTS:0", 0),
        (b"Kind: captions", None),
    ],
)
def test_what_is_added_to_times_for_the_films_clock(line: bytes, offset: int | None) -> None:
    assert display_offset(b"WEBVTT\n" + line) == offset
    assert display_offset(b"") is None


def test_segments_of_another_maker_are_joined_by_what_they_show() -> None:
    first = b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:01.000 --> 00:05.000\na\n"
    again = b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:1260000\n\n00:00.000 --> 00:01.000\na\n\n"
    second = again.replace(b"00:00.000 --> 00:01.000\na", b"00:02.000 --> 00:03.000\nb")
    other = again.replace(b"00:00.000 --> 00:01.000", b"-")
    assert joined([first, second]) == first[:-1] + b"\n\n00:06.000 --> 00:07.000\nb\n\n"
    same = first + b"\n00:04.000 --> 00:06.000\nover\n"
    assert texts(joined([same, same.replace(b"00:01.000 --> 00:05.000\na\n\n", b"")])) == ["a", "over"]
    assert texts(joined([first, other])) == ["a"]


def test_the_clock_may_begin_again() -> None:
    late = b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:8589034592\n\n00:01.000 --> 00:02.000\na\n"
    wrapped = b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:01.000 --> 00:02.000\nb\n"
    cues = read_webvtt(joined([late, wrapped])).snapshot.cues
    assert [cue.start for cue in cues] == [1000, 11_000]  # 900,000 ticks before the clock begins again


def test_what_is_not_kept_is_said() -> None:
    parts = [one.data for one in split_segments(FILM, 4000)]
    parts[1] = parts[1].replace(b"over two borders", b"edited")
    whole, losses = join_segments(parts)
    assert whole == FILM
    assert losses == ("Cue 2 says something else in segment 2; the first is kept.",)
    other = b"WEBVTT\n\nSTYLE\n::cue { color: blue }\n"
    _, losses = join_segments([FILM, other])
    assert losses == ("Styles and regions of segment 2 differ from the first one's and are left out.",)


def test_our_segments_with_one_missing_are_joined_by_what_they_show() -> None:
    parts = [one.data for one in split_segments(FILM, 4000)]
    whole = joined(parts[1:])
    assert texts(whole) == ["over two borders", "last"]
    assert b"X-VTT-DESKTOP" not in whole


@given(st.one_of(files, files_with_cues), st.sampled_from([500, 1500, 10**6, 10**9]), st.booleans())
def test_split_and_join_give_the_bytes(data: bytes, duration: int, twice: bool) -> None:
    if not has_signature(data):
        return
    latest = max((max(cue.start, cue.end) for cue in read_webvtt(data).snapshot.cues), default=0)
    duration = max(duration, latest // 50)
    made = [one.data for one in split_segments(data, duration)]
    assert join_segments(made) == (data, ())
    head = read_webvtt(data)
    for one in made:
        seen = read_webvtt(one)
        assert (seen.styles, seen.regions) == (head.styles, head.regions)
    if twice:
        again = [one.data for one in split_segments(made[0], duration)]
        assert joined(again) == made[0]


@corpus.needs_corpus
def test_every_file_of_the_corpora_is_split_and_joined() -> None:
    for path in corpus.files(".vtt"):
        data = path.read_bytes()
        if not has_signature(data):
            continue
        latest = max((max(cue.start, cue.end) for cue in read_webvtt(data).snapshot.cues), default=0)
        made = split_segments(data, max(2000, latest // 60))
        assert join_segments([one.data for one in made]) == (data, ()), path


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film, folder, out = tmp_path / "film.vtt", tmp_path / "hls", tmp_path / "out.vtt"
    film.write_bytes(FILM)
    assert main(["hls", "split", str(film), "--duration", "4", "--output-dir", str(folder)]) == 0
    listed = (folder / "subtitles.m3u8").read_text()
    assert listed == (
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXTINF:4.000,\nsegment-00000.vtt\n#EXTINF:4.000,\nsegment-00001.vtt\n"
        "#EXTINF:1.500,\nsegment-00002.vtt\n#EXT-X-ENDLIST\n"
    )
    names = [str(folder / name) for name in playlist_names(listed)]
    for sources in ([str(folder)], [str(folder / "subtitles.m3u8")], names):
        out.unlink(missing_ok=True)
        assert main(["hls", "join", *sources, str(out)]) == 0
        assert out.read_bytes() == FILM
    (folder / "subtitles.m3u8").unlink()
    assert main(["hls", "join", str(folder), str(out)]) == 0
    assert out.read_bytes() == FILM
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["split", "{film}", "--duration", "0", "--output-dir", "{out}"], 2, "last longer than nought"),
        (["split", "{film}", "--duration", "nan", "--output-dir", "{out}"], 2, "last longer than nought"),
        (["split", "{film}", "--mpegts", "-1", "--output-dir", "{out}"], 2, "lies between 0 and 2^33"),
        (["split", "{bad}", "--output-dir", "{out}"], 1, "bad.vtt is not a WebVTT file"),
        (["split", "{film}", "--output-dir", "{film}"], 3, "cannot be made: there is a file of that name"),
        (["join", "{empty}", "{out}"], 3, "There is no playlist and no segment"),
        (["join", "{bad}", "{film}", "{out}"], 1, "Segment 1 is not a WebVTT file"),
        (["join", "{list}", "{out}"], 3, "names http://example.com/a.vtt, which is not a file beside it"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str], status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {name: tmp_path / name for name in ("film", "out", "empty")}
    places |= {"bad": tmp_path / "bad.vtt", "list": tmp_path / "list.m3u8"}
    places["film"].write_bytes(FILM)
    places["bad"].write_bytes(b"no\n")
    places["empty"].mkdir()
    places["list"].write_text("#EXTM3U\nhttp://example.com/a.vtt\n")
    assert main(["hls", *(word.format(**places) for word in arguments)]) == status
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not places["out"].exists()


def test_no_segments_without_end() -> None:
    with pytest.raises(UserError, match="segments; 50,000 are the most"):
        split_segments(b"WEBVTT\n\n00:01.000 --> 99:00:00.000\nx\n", 10)


def test_a_playlist_of_playlists_is_refused() -> None:
    with pytest.raises(UserError, match="names other playlists"):
        playlist_names("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n")
    with pytest.raises(UserError, match="no playlist"):
        playlist_names("a.vtt\n")
