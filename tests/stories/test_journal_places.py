"""One journal a document: it goes where the document goes."""

from pathlib import Path

import pytest

from tests.driver import program_running
from vtt_desktop.app.journals import file_journal


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.parametrize("untitled", [False, True])
async def test_what_is_typed_after_save_as_is_there_under_the_new_name(
    film: Path, tmp_path: Path, untitled: bool
) -> None:
    copy = tmp_path / "copy.vtt"
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open("" if untitled else film)
        if untitled:
            editor.run("insert-after")
        await editor.session.save(copy)
        editor.type(" and typed on", 1)
        typed = editor.texts
    assert file_journal(copy).exists()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(copy)
        assert editor.texts == typed and editor.session.unsaved
        editor.run("undo")
        assert "typed on" not in "".join(editor.texts) and b"typed on" not in copy.read_bytes()
        await editor.open("" if untitled else film)
        assert "typed on" not in "".join(editor.texts)


async def test_a_journal_under_the_new_name_is_kept_beside(film: Path, tmp_path: Path) -> None:
    """Somebody saves over a file in which they had typed something else and not saved it."""
    other = tmp_path / "other.vtt"
    other.write_bytes(film.read_bytes())
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(other)
        editor.type(" of the other", 1)
        await editor.open(film)
        editor.type(" of the film", 3)
        await editor.session.save(other)
        editor.type(", later", 3)
    kept = file_journal(other).with_name(file_journal(other).name + ".kept-1")
    assert b"of the other" in kept.read_bytes()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(other)
        assert editor.row(1).text == "One" and editor.row(3).text == "Three of the film, later"


async def test_a_name_that_is_open_elsewhere_leaves_the_journal_where_it_is(
    film: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.vtt"
    other.write_bytes(film.read_bytes())
    async with program_running(tmp_path / "1.ini") as first, program_running(tmp_path / "2.ini") as second:
        await first.open(other)
        await second.open(film)
        second.type(" typed", 1)
        await second.session.save(other)
        second.type(" on", 1)
        assert second.row(1).text == "One typed on"
        await second.session.close()
        assert b"typed on" in file_journal(film).read_bytes()
