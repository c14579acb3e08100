"""TTML, SCC and EBU STL: read, written where they can be, and what is lost said."""

from pathlib import Path

import pytest

from tests.formats import corpus
from vtt_desktop.app.commands_files import convert
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.files import OpenedFile, open_file
from vtt_desktop.formats.foreign import ForeignFormatsByLibrary

TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xml:lang="fr">
<head><styling><style xml:id="s" tts:fontStyle="italic" tts:fontFamily="serif"/></styling>
<layout><region xml:id="top" tts:origin="10% 5%" tts:extent="80% 20%" tts:displayAlign="before"/>
<region xml:id="low" tts:origin="10% 70%" tts:extent="80% 20%" tts:displayAlign="after"/></layout></head>
<body><div begin="1s">
<p region="low" begin="0s" end="2s">Un <span style="s">été</span> &amp; un &lt;hiver&gt;<br/>deux</p>
<p region="top" begin="00:00:01.500" dur="1s" tts:textAlign="end"><span tts:color="yellow">trois</span></p>
</div></body></tt>
"""
SCC = """Scenarist_SCC V1.0

00:00:01:00\t9420 9420 9470 9470 c8e5 ecec ef80 942f 942f

00:00:03:00\t942c 942c
"""


def opened(tmp_path: Path, name: str, data: bytes) -> OpenedFile:
    (tmp_path / name).write_bytes(data)
    return open_file(tmp_path / name, ForeignFormatsByLibrary)


def seen(file: OpenedFile) -> list[tuple[int, int, str, str]]:
    return [(cue.start, cue.end, cue.settings, cue.text) for cue in file.snapshot.cues]


def stl(text: bytes) -> bytes:
    """An EBU STL file of one subtitle, 1 s to 3 s at 25 frames a second (EBU Tech 3264)."""
    gsi = bytearray(b" " * 1024)
    for at, value in [
        (0, b"850"), (3, b"STL25.01"), (11, b"1"), (12, b"00"), (14, b"0A"),
        (224, b"261122"), (230, b"261122"), (236, b"00"), (238, b"00001"), (243, b"00001"), (248, b"001"),
        (251, b"40"), (253, b"23"), (255, b"1"),
        (256, b"00000000"), (264, b"00000100"), (272, b"1"), (273, b"1"),
    ]:  # fmt: skip
        gsi[at : at + len(value)] = value
    tti = bytes([0, 0, 0, 0xFF, 0, 0, 0, 1, 0, 0, 0, 3, 0, 20, 2, 0]) + text
    return bytes(gsi) + tti.ljust(128, b"\x8f")


def test_ttml_becomes_cues_with_their_own_times(tmp_path: Path) -> None:
    file = opened(tmp_path, "film.ttml", TTML.encode())
    assert file.format == "ttml"
    assert seen(file) == [
        (1000, 3000, "", "Un <i>été</i> &amp; un &lt;hiver&gt;\ndeux"),
        (2500, 3500, "line:5% align:end", "<c.yellow>trois</c>"),
    ]
    assert file.losses == ("The fonts of film.ttml have no place in a cue.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_xml_says_its_encoding(tmp_path: Path, encoding: str) -> None:
    data = TTML.replace("UTF-8", encoding).encode(encoding)
    assert "été" in opened(tmp_path, "film.xml", data).snapshot.cues[0].text


def test_an_encoding_that_is_asked_for_overrules_what_xml_says(tmp_path: Path) -> None:
    (tmp_path / "film.xml").write_bytes(TTML.encode("cp1252"))
    file = open_file(tmp_path / "film.xml", ForeignFormatsByLibrary, "cp1252")
    assert "été" in file.snapshot.cues[0].text


def test_scc(tmp_path: Path) -> None:
    file = opened(tmp_path, "film.scc", SCC.encode())
    ((start, end, _, text),) = seen(file)
    assert (file.format, text) == ("scc", "Hello")
    assert 1000 <= start < 1500 and 2990 <= end <= 3010  # it shows when its last pair of bytes is there


def test_ebu_stl(tmp_path: Path) -> None:
    file = opened(tmp_path, "film.stl", stl(b"Caf\xc2e\x8a\x80noir\x81\x8aoui"))
    ((start, end, _, text),) = seen(file)
    assert (file.format, start, end) == ("stl", 1000, 3000)
    assert text == "Café\n<i>noir</i>\noui"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ttml", b"<tt xmlns='http://www.w3.org/ns/ttml'><body>"),
        ("a.stl", b"850STL25.01" + b"\0" * 100),
        ("a.scc", b"Scenarist_SCC V1.0\n\n00:00:01:00\tzzzz\n"),
        ("a.xml", b"<?xml version='1.0'?><html/>"),
    ],
)
def test_what_is_damaged_is_said_in_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    try:
        file = opened(tmp_path, name, data)
    except UserError as error:
        assert name in error.message and "\n" not in error.message
    else:
        assert len(file.snapshot.cues) == 0


@pytest.mark.parametrize("format", ["ttml", "scc"])
def test_they_are_written_too_and_say_what_is_lost(
    tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "film.vtt"
    film.write_bytes(
        b"WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>Hi <i>you</i> &amp; me\n\n"
        b"00:04.000 --> 00:06.000\nthere\n"
    )
    made = tmp_path / f"film.{format}"
    assert convert([str(film), str(made)]) == 0
    assert f"The voice tags of 1 cue have no place in {format.upper()}." in capsys.readouterr().err
    cues = open_file(made, ForeignFormatsByLibrary).snapshot.cues
    assert len(cues) == 2
    assert cues[0].text.replace("<i>", "").replace("</i>", "") == "Hi you &amp; me"
    slack = 0 if format == "ttml" else 50  # SCC counts frames of 29.97 a second
    assert all(abs(cue.start - ms) <= slack for cue, ms in zip(cues, (1000, 4000), strict=True))


def test_stl_is_read_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "film.vtt"
    film.write_bytes(b"WEBVTT\n\n00:01.000 --> 00:03.000\nx\n")
    assert convert([str(film), str(tmp_path / "film.stl")]) == 3
    assert "EBU STL can be read but not written." in capsys.readouterr().err
    assert not (tmp_path / "film.stl").exists()


@corpus.needs_corpus
@pytest.mark.parametrize("path", corpus.files(".ttml", "real"), ids=lambda path: path.name)
def test_real_files_become_webvtt(path: Path, tmp_path: Path) -> None:
    assert convert([str(path), str(tmp_path / "out.vtt")]) == 0
    cues = open_file(tmp_path / "out.vtt").snapshot.cues
    assert [(cue.start, cue.end) for cue in cues] == [(0, 10_000)]
    assert cues[0].text in ("The background is green.", "One line Subtitle.")
