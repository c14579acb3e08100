"""`check --fix`: what is repaired, and that a player shows what it showed before."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.app import commands_files
from vtt_desktop.app.commands_files import check
from vtt_desktop.domain.cue import Cue
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_webvtt
from vtt_desktop.formats.webvtt_cue import parse_settings
from vtt_desktop.formats.webvtt_fixes import repaired, repaired_cue
from vtt_desktop.formats.webvtt_text import Node, parse_text
from vtt_desktop.formats.webvtt_write import write_webvtt


@pytest.fixture(autouse=True)
def _own_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands_files, "backups_folder", lambda: tmp_path / "backups")


@pytest.mark.parametrize(
    ("text", "repaired_text"),
    [
        ("A & B", "A &amp; B"),
        ("AT&T &copy 2020 &amp;", "AT&amp;T © 2020 &amp;"),
        ("<i>x", "<i>x</i>"),
        ("x</i>", "x"),
        ("<i><b>x</i>y</b>", "<i><b>xy</b></i>"),
        ("<v Ann>a <i>b", "<v Ann>a <i>b</i>"),
        ("<ruby>a<rt>b</ruby>c", "<ruby>a<rt>b</rt></ruby>c"),
        ("<font size=3>x</font> & <i>", "<font size=3>x</font> &amp; <i></i>"),
        ("I <3 you", "I <3 you"),  # a player shows “I ”: only a person knows what was meant
    ],
)
def test_texts(text: str, repaired_text: str) -> None:
    assert repaired_cue(Cue(1, 0, 1000, text)).text == repaired_text


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("line:0 line:1", "line:1"),
        ("align:middle size:50%", "size:50%"),
        ("position:200% x-tool:7 align:center align:end", "x-tool:7 align:end"),
        ("size:0% line:0 size:500% line:", "size:0% line:0"),
    ],
)
def test_settings(settings: str, left: str) -> None:
    assert repaired_cue(Cue(1, 0, 1000, "x", settings=settings)).settings == left


_PIECES = st.lists(
    st.sampled_from(["<i>", "</i>", "<b.x>", "</b>", "<v A>", "</v>", "<ruby>", "<rt>", "</ruby>", "</rt>",
                     "<x>", "</x>", "&", "&lt", "&amp;", "&#", ";", "<", ">", "a", " ",
                     "<00:01.000>", "\n", "/"])
)  # fmt: skip
_WORDS = st.lists(
    st.sampled_from(["line:0", "line:x", "line:5%,end", "size:50%", "size:100%", "align:left", "align:no",
                     "region:a", "vertical:rl", "x:y", "position:5%", ":", "a"])
)  # fmt: skip


@given(_PIECES, _WORDS)
def test_a_player_shows_what_it_showed(pieces: list[str], words: list[str]) -> None:
    cue = Cue(1, 0, 5000, "".join(pieces).strip("\n"), settings=" ".join(words))
    now = repaired_cue(cue)
    assert _joined(parse_text(now.text)) == _joined(parse_text(cue.text))
    assert parse_settings(now.settings) == parse_settings(cue.settings)
    assert repaired_cue(now) == now


def _joined(nodes: list[Node]) -> list[object]:
    """The tree with neighbouring texts as one: an end tag that closes nothing parts them, unseen."""
    made: list[object] = []
    for node in nodes:
        if node.type != "text":
            made.append((node.type, node.value, node.classes, _joined(node.children)))
        elif made and isinstance(made[-1], str):
            made[-1] += str(node.value)
        else:
            made.append(str(node.value))
    return made


def test_the_file_is_repaired_in_place_and_the_first_original_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = (
        b"WEBVTT\r\n\r\n00:00:03.000-->00:00:04.000\r\nB & C\r\n\r\nNOTE of A\r\n\r\n"
        b"00:00:01.000 --> 00:00:02.000\r\nA\r\n\r\n00:00:05.000 --> 00:00:06.000\r\n<nobody>\r\n"
    )
    film = tmp_path / "film.vtt"
    film.write_bytes(was)
    assert check([str(film)], json=True, fix=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert [problem["rule"] for problem in said["problems"]] == ["unknown-tag"]
    assert said["fixed"] == 2
    assert film.read_bytes() == (
        b"WEBVTT\r\n\r\nNOTE of A\r\n\r\n00:00:01.000 --> 00:00:02.000\r\nA\r\n\r\n"
        b"00:00:03.000 --> 00:00:04.000\r\nB &amp; C\r\n\r\n00:00:05.000 --> 00:00:06.000\r\n<nobody>\r\n"
    )
    assert [path.read_bytes() for path in (tmp_path / "backups").iterdir()] == [was]


def test_a_file_without_repairs_is_not_written(tmp_path: Path) -> None:
    film = tmp_path / "film.vtt"
    film.write_bytes(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<nobody>\n")
    before = film.stat().st_mtime_ns, film.stat().st_ino
    assert check([str(film)], fix=True) == 1
    assert (film.stat().st_mtime_ns, film.stat().st_ino) == before


def test_a_profile_counts_too_and_is_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "film.srt"
    film.write_bytes("1\n00:00:01,000 --> 00:00:01,500\nDéjà vu\n".encode("cp1252"))
    assert check([str(film)]) == 0
    assert check([str(film)], profile="netflix-en") == 1
    assert capsys.readouterr().out == (
        f"{film}: cue 1 (00:00:01.000): It is shown 500 ms; 833 ms is the least."
        " [duration-short, Netflix English]\n"
    )
    assert check([str(film)], profile="netflix-en", fix=True) == 0
    assert film.read_bytes() == "1\n00:00:01,000 --> 00:00:01,833\nDéjà vu\n".encode("cp1252")


def test_a_profile_that_there_is_not_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check([str(tmp_path / "film.vtt")], profile="nobody") == 2
    assert "There is no profile nobody. There are: amazon, arte, bbc," in capsys.readouterr().err


def test_chapters_nest() -> None:
    def found(*times: str) -> list[int | None]:
        blocks = "".join(f"\n{time}\nx\n" for time in times)
        snapshot = read_webvtt(f"WEBVTT\nKind: chapters\n{blocks}".encode()).snapshot
        return [p.cue_id for p in check_webvtt(snapshot, kind="chapters") if p.rule == "chapters-cross"]

    assert found("00:00.000 --> 00:10.000", "00:00.000 --> 00:04.000", "00:04.000 --> 00:10.000") == []
    assert found("00:00.000 --> 00:04.000", "00:00.000 --> 00:10.000", "00:10.000 --> 00:11.000") == []
    assert found("00:00.000 --> 00:05.000", "00:04.000 --> 00:06.000", "00:07.000 --> 00:08.000") == [2]


def test_nothing_to_repair_is_the_same_snapshot() -> None:
    data = b"WEBVTT\n\n00:01.000 --> 00:02.000\nx\n"
    snapshot = read_webvtt(data).snapshot
    assert repaired(snapshot) is snapshot
    assert write_webvtt(repaired(snapshot)) == data
