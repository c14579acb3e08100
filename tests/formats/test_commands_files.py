"""inspect, convert and check as they are used from outside."""

import json
from pathlib import Path

import pytest

from tests.formats import corpus
from vtt_desktop.app.commands_files import check, convert, inspect
from vtt_desktop.domain.errors import UsageError

GOOD = b"WEBVTT\n\nREGION\nid:r\n\n00:01.000 --> 00:02.000 region:r\n<v Ann>Hi\n"


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.vtt").write_bytes(GOOD)
    return str(tmp_path / "good.vtt")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.vtt").write_bytes(b"webvtt\n")
    return str(tmp_path / "bad.vtt")


def test_inspect_prints_a_line_for_each_file(good: str, bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([good, bad], json=True) == 1
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert first["file"] == good
    assert not first["reject"]
    assert first["cues"] == [
        {
            "id": "", "start_ms": 1000, "end_ms": 2000, "vertical": "", "line": "auto", "snapToLines": True,
            "lineAlign": "start", "position": "auto", "positionAlign": "auto", "size": 100, "align": "center",
            "region": 0, "text": "<v Ann>Hi",
            "tree": [
                {"type": "v", "classes": [], "value": "Ann", "children": [{"type": "text", "value": "Hi"}]}
            ],
        }
    ]  # fmt: skip
    assert first["regions"][0]["id"] == "r"
    assert first["problems"] == []
    assert second == {"file": bad, "reject": True, "reason": second["reason"]}
    assert "is not a WebVTT file" in err
    assert "Traceback" not in err


def test_exit_status_tells_refused_from_unreadable(good: str, bad: str, tmp_path: Path) -> None:
    assert inspect([good]) == 0
    assert inspect([good, bad]) == 1
    assert inspect([str(tmp_path / "none.vtt"), bad]) == 3
    assert inspect([str(tmp_path)]) == 3
    with pytest.raises(UsageError, match="IN and OUT"):
        convert([good])
    assert convert([good, str(tmp_path / "no" / "out.vtt")]) == 3


def test_convert_webvtt_to_webvtt_is_byte_for_byte(good: str, tmp_path: Path) -> None:
    assert convert([good, str(tmp_path / "out.vtt")]) == 0
    assert (tmp_path / "out.vtt").read_bytes() == GOOD


def test_convert_says_what_is_lost(good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert([good, str(tmp_path / "out.srt")]) == 0
    assert (tmp_path / "out.srt").read_bytes() == b"1\n00:00:01,000 --> 00:00:02,000\nHi\n"
    assert "1 region has no place in SubRip." in capsys.readouterr().err


def test_convert_a_batch_goes_on_after_a_refused_file(good: str, bad: str, tmp_path: Path) -> None:
    assert convert([bad, good], to="srt", output_dir=str(tmp_path / "out")) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.srt"]


def test_convert_never_writes_two_files_to_one_place(good: str, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / "good.vtt"
    other.write_bytes(GOOD)
    assert convert([good, str(other)], output_dir=str(tmp_path / "out")) == 3
    assert list((tmp_path / "out").iterdir()) == []


def test_convert_with_an_encoding(good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(good).write_bytes(GOOD.replace(b"Hi", "é".encode()))
    assert convert([good, str(tmp_path / "out.srt")], encoding="cp1252") == 0
    assert (tmp_path / "out.srt").read_bytes().endswith(b"\n\xe9\n")
    assert convert([good, str(tmp_path / "out.srt")], encoding="ascii") == 3
    assert convert([good, str(tmp_path / "out.srt")], encoding="klingon") == 3
    assert "There is no encoding named klingon." in capsys.readouterr().err


RUSSIAN = "1\n00:00:01,000 --> 00:00:02,000\nПривет, мир\n"


@pytest.mark.parametrize(
    ("data", "name", "encoding", "out"),
    [
        (RUSSIAN.encode("cp1251"), "out.vtt", "cp1251", "Привет, мир".encode()),
        (RUSSIAN.encode("cp1251"), "out.srt", "cp1251", RUSSIAN.encode("cp1251")),
        (RUSSIAN.encode("cp1251"), "out.ass", "cp1251", "Привет, мир".encode()),
        (RUSSIAN.encode("utf-16-le"), "out.vtt", "utf-16-le", "Привет, мир".encode()),
        (RUSSIAN.encode("utf-16"), "out.vtt", "cp1251", "Привет, мир".encode()),
        (RUSSIAN.encode(), "out.vtt", "cp1251", "Привет, мир".encode()),
        (RUSSIAN.encode(), "out.srt", "cp1251", RUSSIAN.encode("cp1251")),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n", "out.vtt", "cp1251", b"\nx\n"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n", "out.srt", "cp1251", b"\nx\n"),
    ],
)
def test_an_encoding_is_that_of_what_is_not_unicode_by_itself(
    data: bytes, name: str, encoding: str, out: bytes, tmp_path: Path
) -> None:
    film, made = tmp_path / "film.srt", tmp_path / name
    film.write_bytes(data)
    assert convert([str(film), str(made)], encoding=encoding) == 0
    assert out in made.read_bytes()


def test_webvtt_in_another_encoding_is_not_written(good: str, tmp_path: Path) -> None:
    assert convert([good, str(tmp_path / "out.vtt")], encoding="cp1252") == 3
    assert convert([good, str(tmp_path / "out.vtt")], encoding="UTF-8") == 0


def test_check_finds_and_names(good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check([good]) == 0
    Path(good).write_bytes(GOOD.replace(b"Hi", b"A & B"))
    assert check([good]) == 1
    assert capsys.readouterr().out == (
        f"{good}: cue 1 (00:00:01.000): An & that begins no reference must be written &amp;."
        " [bare-ampersand, WebVTT 4.2 cue text span]\n"
    )
    assert check([good], json=True) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["rule"] == "bare-ampersand"
    assert check([good], profile="nobody") == 2


@corpus.needs_corpus
def test_every_case_of_the_corpus_is_read_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    cases = corpus.files(".json", "webvtt")
    inspect([str(case.with_suffix(".vtt")) for case in cases], json=True)
    for case, line in zip(cases, capsys.readouterr().out.splitlines(), strict=True):
        expected, got = json.loads(case.read_text("utf-8"))["expected"], json.loads(line)
        assert got["reject"] == expected["reject"], case
        if expected["reject"]:
            continue
        for wanted, cue in zip(expected["cues"], got["cues"], strict=True):
            same = {k: v for k, v in wanted.items() if k in cue and k not in ("region", "tree")}
            assert same == {key: cue[key] for key in same}, case
