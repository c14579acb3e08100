"""A WebDAV folder by a profile of ten lines: texts without JSON, and tags made of seconds and sizes.

The second is why it must not be written to: two saves of one length within a second share a tag, and
nobody could tell them apart. The probe has to find that out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from tests.interop.backend_process import listening
from tests.interop.backend_stories import Place, probed, python_server
from tests.interop.installed import python_packages
from tests.interop.recipes import recipe

_PACKAGES = ("WsgiDAV==4.4.0", "cheroot==11.1.2")
_TEXT = "00:01.000 --> 00:02.000\nHello\n"
PROFILE = """
name = "WebDAV folder"
[item]
url = "/{id}.vtt"
format = "text"
[write]
method = "PUT"
version = "reget"
[list]
ids = ["a"]
[create]
method = "PUT"
[delete]
method = "DELETE"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "a.vtt").write_text(_TEXT)
    packages = python_packages("webdav", _PACKAGES)
    command, env = python_server("webdav_server.py", str(folder), packages=packages)
    with listening(command, tmp_path, env) as url:
        yield url


@pytest.fixture
def place(server: str) -> Iterator[Place]:
    own = Path(platformdirs.user_config_dir("vtt-desktop")) / "profiles"
    own.mkdir(parents=True, exist_ok=True)
    (own / "my-folder.toml").write_text(PROFILE)
    yield Place("my-folder", server)
    (own / "my-folder.toml").unlink()


async def test_it_is_edited_as_text_until_the_probe_finds_its_flaw(place: Place, tmp_path: Path) -> None:
    async with place.desk() as mine, place.desk() as other:
        mine.desk.set_text(mine.id(0), "Hello, and longer than before")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
        other.desk.set_text(other.id(0), "theirs")
        await other.sync()
        assert other.desk.status(other.id(0)) == "conflict"  # an old tag is refused
    assert "and longer" in (tmp_path / "shared" / "a.vtt").read_text()

    result = await probed(place)
    assert result["marks"]["stale-save"] == "good"
    assert [path.name for path in (tmp_path / "shared").iterdir()] == ["a.vtt"]
    if result["writable"]:
        assert result["marks"]["resolution"] == "good"  # the clock ticked between all of its saves
        return
    assert {"resolution": "bad"}.items() <= result["marks"].items() or result["marks"]["timing"] == "bad"
    async with place.desk() as mine:
        assert mine.desk.link == "read-only"


async def test_a_folder_lists_its_files(server: str, tmp_path: Path) -> None:
    """By the recipe: PROPFIND, names out of percent-encoded addresses, what is no subtitle left out."""
    folder = tmp_path / "shared"
    (folder / "part two é.vtt").write_text("WEBVTT\n\n00:03.000 --> 00:04.000\nsecond\n")
    (folder / "notes.txt").write_text("no subtitles")
    profile = tmp_path / "folder.toml"
    profile.write_text(recipe("WebDAV").replace("/films/{project}/", "/"), "utf-8")
    place = Place(str(profile), server)
    async with place.desk() as mine, place.desk() as other:
        assert mine.texts == ["Hello", "second"]
        new = mine.desk.insert(after=mine.id(1), start=5000, end=6000, text="new")
        mine.desk.set_text(mine.id(1), "second, and longer")
        await mine.sync()
        assert mine.desk.status(new) == mine.desk.status(mine.id(1)) == "synced"
        await other.sync()
        assert other.texts == ["Hello", "second, and longer", "new"]
        other.desk.remove(other.id(0))
        await other.sync()
        await mine.sync()
        assert mine.texts == ["second, and longer", "new"]
    made = {path.name for path in folder.iterdir()} - {"part two é.vtt", "notes.txt"}
    assert len(made) == 1 and (folder / made.pop()).read_text().startswith("WEBVTT\n\n00:05.000")
