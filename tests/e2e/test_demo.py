"""The main job as the program itself plays it, and that it notices when the main job is broken."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.app.program import ROOT, Program, Result

SENT_UNDER_THE_OLD_TAG = """

_sound = step


def step(s, event, make):
    after, actions = _sound(s, event, make)
    if isinstance(event, Fetched) and s.etag is not None and after.etag is not None:
        after = replace(after, etag=s.etag)
    return after, actions
"""
LAST_WRITER_WINS = """

_sound = step


def step(s, event, make):
    after, actions = _sound(s, event, make)
    if after.theirs is not None and after.theirs.body is not None:
        after = replace(after, base=after.theirs.body, etag=after.theirs.etag, theirs=None, conflicts=())
    return after, actions
"""
VAIN_S = 5
"""Patience with what a fault keeps from happening."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample film is made once."""
    yield tmp_path_factory.mktemp("cache")


def play(program: Program, cache: Path, **environment: str) -> Result:
    program.environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONUNBUFFERED": "1", **environment}
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "PYTHONWARNINGS"):
        program.environment.pop(name, None)  # as on a machine without a screen
    return program("demo", "--script", "--out", "pictures", patience=400)


def uniform(picture: Path) -> bool:
    image = QImage(str(picture))
    assert image.width() >= 1000 and image.height() >= 600, picture
    colors = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return len(colors) < 30


def test_the_story_goes_as_it_should_with_a_picture_of_every_step(program: Program, cache: Path) -> None:
    done = play(program, cache)
    assert done.status == 0, done.out + done.err
    assert "✗" not in done.out and done.out.rstrip().endswith("The story went as it should.")
    named = re.findall(r"^✓ .* \[(\d\d-[\w-]+\.png)\]$", done.out, re.MULTILINE)
    assert len(named) >= 13
    pictures = sorted(path.name for path in (program.folder / "pictures").iterdir())
    assert pictures == sorted(named)
    assert not [name for name in named if uniform(program.folder / "pictures" / name)]
    steps = [name for name in named if "redo" not in name]  # which brings back what was there before
    seen = {(program.folder / "pictures" / name).read_bytes() for name in steps}
    assert len(seen) == len(steps), "each step is seen"


@pytest.mark.parametrize(
    ("fault", "awaited", "in_vain"),
    [
        (SENT_UNDER_THE_OLD_TAG, "self.phase(number) is Phase.SYNCED", "cue 9 is saved"),
        (LAST_WRITER_WINS, "self.phase(14) is Phase.CONFLICT", "cue 14 is in conflict"),
    ],
    ids=["old tag", "last writer wins"],
)
def test_a_broken_engine_makes_it_fail(
    program: Program, cache: Path, fault: str, awaited: str, in_vain: str
) -> None:
    copy = program.folder / "copy"
    shutil.copytree(ROOT / "vtt_desktop", copy / "vtt_desktop")
    shutil.copytree(ROOT / "resources", copy / "resources")
    machine = copy / "vtt_desktop" / "sync" / "segment_step.py"
    machine.write_text(machine.read_text() + fault)
    story = copy / "vtt_desktop" / "app" / "demo" / "story.py"
    # What never comes is waited for as long as a slow machine may need for what does; here for less.
    assert story.read_text().count(f"lambda: {awaited})") == 1
    story.write_text(story.read_text().replace(f"lambda: {awaited})", f"lambda: {awaited}, {VAIN_S})"))
    done = play(program, cache, PYTHONPATH=str(copy))
    assert done.status == 1, done.out + done.err
    assert f"waited {VAIN_S} s in vain for: {in_vain}" in done.out, done.out
    assert "The story did not go as it should." in done.out


def test_a_folder_for_pictures_that_cannot_be_made(program: Program, cache: Path) -> None:
    program.file("pictures", "a file")
    play(program, cache).sentence("The folder pictures cannot be made", status=3)
