"""After a restart the film is there again, and stands where it stood."""

import wave
from pathlib import Path

from tests.driver import program_running


def quiet(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * seconds))
    return path


async def test_the_film_and_the_playhead_are_there_again(tmp_path: Path, film: Path) -> None:
    sound = quiet(tmp_path / "film.wav", 20)
    other = film.with_name("other.vtt")
    other.write_bytes(film.read_bytes())
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film, media=str(sound))
        desk.editor.player.seek(7000)
        await desk.open(other)
        assert desk.editor.player.position == 0, "another document begins at its beginning"
        assert desk.session.media is None
        desk.editor.player.seek(1500)
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        assert desk.session.media == sound
        assert desk.editor.player.position == 7000
        await desk.open(other)
        assert (desk.session.media, desk.editor.player.position) == (None, 1500)
    sound.unlink()
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(film)
        assert desk.session.media is None, "a film that is gone is not missed aloud"
        assert desk.message == ""
