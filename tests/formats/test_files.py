"""Opening what is on disk, and saving it whole or not at all."""

import os
import resource
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vtt_desktop.domain.document import applied
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.atomic import write_atomically
from vtt_desktop.formats.files import LARGEST, ChangedOnDisk, open_file, save_file
from vtt_desktop.formats.foreign import ForeignFormatsByLibrary

WEBVTT = b"WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\none\r\n\r\n00:03.000 --> 00:04.000\r\ntwo\r\n"
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHéllo\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\ntwo\r\n"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    path.write_bytes(WEBVTT)
    return path


def edited(opened, text: str = "changed"):
    return applied(opened.snapshot, set_text(opened.snapshot, 1, text))


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        open_file(path, ForeignFormatsByLibrary)
    assert "\n" not in caught.value.message
    assert caught.value.message.endswith(".")
    return caught.value.message


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    def holding(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    assert refusal(tmp_path / "no.vtt") == f"There is no file {tmp_path / 'no.vtt'}."
    assert "is a folder" in refusal(tmp_path)
    assert refusal(holding("a.vtt", b"\x89PNG\r\n\x1a\n" + bytes(99))) == (
        "a.vtt is not a WebVTT file: it is a PNG picture."
    )
    assert "it is empty" in refusal(holding("b.vtt", b""))
    assert "UTF-16" in refusal(holding("c.vtt", "WEBVTT\n".encode("utf-16")))
    assert "WEBVTT" in refusal(holding("d.vtt", b"hello"))
    assert "format is unknown" in refusal(holding("e.srt", b"hello"))
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300))
    assert "cannot be opened" in refusal(tmp_path / "nul\0.vtt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names on this system")
def test_a_pipe_or_a_device_does_not_hold_us(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.vtt")
    assert "pipe" in refusal(tmp_path / "pipe.vtt")
    assert "device" in refusal(Path("/dev/zero"))


def test_zeros_are_refused_by_their_beginning(tmp_path: Path) -> None:
    path = tmp_path / "zeros.vtt"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(path) == "zeros.vtt is not a WebVTT file: it holds no text."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.vtt"
    path.write_bytes(WEBVTT * 3000)
    os.truncate(path, LARGEST + 1)
    assert "larger than 256 MB" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(film: Path) -> None:
    film.chmod(0)
    assert "permission denied" in refusal(film)


def test_content_tells_the_format_not_the_name(tmp_path: Path) -> None:
    for name, data, format in (
        ("a.srt", WEBVTT, "webvtt"),
        ("b.vtt", SRT.encode(), "srt"),
        ("c.txt", SRT.encode("cp1252"), "srt"),
        ("d.txt", SRT.encode("utf-16"), "srt"),
        ("e.txt", b"[Script Info]\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,x\n", "ass"),
        ("f.txt", b"{1}{1}25\n{0}{25}one\n", "microdvd"),
    ):
        (tmp_path / name).write_bytes(data)
        opened = open_file(tmp_path / name, ForeignFormatsByLibrary)
        assert (opened.format, bool(opened.saving_note)) == (format, format == "microdvd")
        assert len(opened.snapshot.cues) in (1, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-le"])
def test_subrip_in_any_encoding_keeps_the_bytes_that_nobody_touched(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.srt"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    data = (mark + SRT).encode(encoding)
    path.write_bytes(data)
    opened = open_file(path, ForeignFormatsByLibrary)
    assert opened.snapshot.cues[0].text == "Héllo"
    save_file(opened, opened.snapshot, foreign=ForeignFormatsByLibrary)
    assert path.read_bytes() == data
    save_file(
        opened, applied(opened.snapshot, set_text(opened.snapshot, 2, "2 é")), foreign=ForeignFormatsByLibrary
    )
    assert path.read_bytes() == (mark + SRT.replace("two", "2 é")).encode(encoding)


def test_a_character_that_the_encoding_has_not_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(SRT.encode("cp1252"))
    opened = open_file(path, ForeignFormatsByLibrary)
    with pytest.raises(UserError, match=r"cp1252 has no character “漢” \(line 7\)"):
        save_file(opened, applied(opened.snapshot, set_text(opened.snapshot, 2, "漢")))
    assert path.read_bytes() == SRT.encode("cp1252")


def test_a_save_keeps_permissions_links_and_the_first_original(film: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.vtt"
    link.symlink_to(film.name)
    film.chmod(0o640)
    opened = open_file(link)
    backups = tmp_path / "state" / "backups"
    first = save_file(opened, edited(opened, "first"), backups=backups)
    second = save_file(first, edited(first, "second"), backups=backups)
    assert link.is_symlink()
    assert film.read_bytes() == WEBVTT.replace(b"one", b"second")
    assert stat.S_IMODE(film.stat().st_mode) == 0o640
    assert second.backup is not None
    assert [path.read_bytes() for path in backups.iterdir()] == [WEBVTT]
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]
    assert second.digest != opened.digest


def test_a_file_that_somebody_else_wrote_is_not_overwritten(film: Path) -> None:
    opened = open_file(film)
    film.write_bytes(WEBVTT.replace(b"two", b"theirs"))
    with pytest.raises(ChangedOnDisk) as caught:
        save_file(opened, edited(opened))
    assert [cue.text for cue in caught.value.theirs.snapshot.cues] == ["one", "theirs"]
    assert film.read_bytes() == WEBVTT.replace(b"two", b"theirs")
    # Merged on top of theirs, the save goes through.
    theirs = caught.value.theirs
    save_file(theirs, edited(theirs))
    assert film.read_bytes() == WEBVTT.replace(b"two", b"theirs").replace(b"one", b"changed")


def test_a_file_written_while_we_write_is_not_overwritten_either(film: Path) -> None:
    theirs = WEBVTT.replace(b"two", b"theirs")

    def look_again() -> None:
        film.write_bytes(theirs)
        raise UserError("They were faster.")

    with pytest.raises(UserError, match="faster"):
        write_atomically(film, WEBVTT, look_again)
    assert film.read_bytes() == theirs
    assert os.listdir(film.parent) == [film.name]


def test_a_file_that_somebody_made_something_else_is_left_alone(film: Path) -> None:
    opened = open_file(film)
    film.write_bytes(b"")
    with pytest.raises(UserError, match="cannot be merged: film.vtt is not a WebVTT file: it is empty"):
        save_file(opened, edited(opened))
    assert film.read_bytes() == b""


def test_a_save_that_changes_nothing_changes_no_byte(film: Path) -> None:
    opened = open_file(film)
    assert save_file(opened, opened.snapshot).digest == opened.digest
    assert film.read_bytes() == WEBVTT


@contextmanager
def full_disk() -> Iterator[None]:
    """A limit on the size of files: the system refuses to write on, as it does on a full disk.

    Only around the save itself: what the tests print may go to a file, too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a POSIX one")
def test_on_a_full_disk_the_file_is_as_it_was(film: Path) -> None:
    opened = open_file(film)
    with pytest.raises(UserError, match=r"film\.vtt was not saved: the disk is full\."), full_disk():
        save_file(opened, edited(opened))
    assert film.read_bytes() == WEBVTT
    assert os.listdir(film.parent) == ["film.vtt"]


def test_save_under_another_name_and_format(film: Path, tmp_path: Path) -> None:
    opened = open_file(film)
    copy = save_file(opened, opened.snapshot, tmp_path / "copy.vtt")
    assert copy.path.read_bytes() == WEBVTT
    with pytest.raises(UserError, match="there is no folder"):
        save_file(opened, opened.snapshot, tmp_path / "no" / "copy.vtt")
    with pytest.raises(UserError, match="folder"):
        save_file(opened, opened.snapshot, tmp_path)


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("cp932", "朝まで待てません、船長。風が変わります。"),
        ("euc_jp", "朝まで待てません、船長。風が変わります。"),
        ("gb18030", "我们不能等到早上，船长。风向要变了。"),
        ("big5", "我們不能等到早上，船長。風向要變了。"),
        ("cp949", "아침까지 기다릴 수 없습니다, 선장님."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("iso8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1251", "Мы не можем ждать до утра, капитан."),
        ("koi8-r", "Мы не можем ждать до утра, капитан."),
        ("cp1253", "Δεν μπορούμε να περιμένουμε μέχρι το πρωί, καπετάνιε."),
        ("cp1254", "Ne yapıyorsun? Buraya gel, hemen! Bu iş çok zor olacak ama başarırız."),
        ("cp1255", "אנחנו לא יכולים לחכות עד הבוקר, קפטן."),
        ("cp1256", "لا يمكننا الانتظار حتى الصباح يا قبطان."),
        ("cp874", "เราไม่สามารถรอจนถึงเช้าได้กัปตัน"),
        ("utf-16-le", "A text without a mark, 船長."),
        ("utf-16-be", "A text without a mark, 船長."),
    ],
)
def test_an_encoding_that_is_not_said_is_told_and_kept(tmp_path: Path, encoding: str, line: str) -> None:
    path = tmp_path / "old.srt"
    data = SRT.replace("Héllo", "Hello").replace("two", line).encode(encoding)
    path.write_bytes(data)
    opened = open_file(path, ForeignFormatsByLibrary)
    assert opened.snapshot.cues[1].text == line
    assert opened.losses == ()
    save_file(opened, opened.snapshot, foreign=ForeignFormatsByLibrary)
    assert path.read_bytes() == data
