"""Both themes can be read, and every icon is drawn."""

import itertools
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vtt_desktop.resources import ROOT
from vtt_desktop.sync.segment import Phase
from vtt_desktop.ui.appearance import Appearance, ThemeChoice
from vtt_desktop.ui.icons import badge_name, icon, pixmap
from vtt_desktop.ui.theme import Theme, contrast, phase_color, stylesheet, theme

ICONS = sorted(path.stem for path in (ROOT / "icons").glob("*.svg"))
ON = ("window", "base", "raised")
WORDS = ("text", "muted", "accent", "ok", "warn", "bad", "info")


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(("words", "on"), list(itertools.product(WORDS, ON)))
def test_words_meet_aa_on_every_ground(dark: bool, words: str, on: str) -> None:
    t = theme(dark)
    assert contrast(getattr(t, words), getattr(t, on)) >= 4.5


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("selection_text", "selection"),
        ("accent_text", "accent"),
        ("cue_text", "cue_block"),
        ("cue_text", "cue_block_selected"),
    ],
)
def test_words_on_colour_meet_aa(dark: bool, words: str, on: str) -> None:
    t = theme(dark)
    assert contrast(getattr(t, words), getattr(t, on)) >= 4.5


def test_contrast_is_the_ratio_of_the_guidelines() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_names_only_colours_there_are() -> None:
    for dark in (True, False):
        assert not re.search(r"@\w", stylesheet(theme(dark)))


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_something_in_the_colour_asked_for(qtbot: QtBot, name: str) -> None:
    drawn = pixmap(name, QColor("#ff0000"), 16, 2.0)
    assert drawn.deviceIndependentSize().toSize() == QSize(16, 16)
    assert drawn.width() == 32
    image = drawn.toImage()
    strong = [
        image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200
    ]
    assert strong
    if name != "app":
        assert any(c.red() > 240 and c.green() < 30 for c in strong)


def test_badges_differ_in_shape(qtbot: QtBot) -> None:
    names = [name for phase in Phase if (name := badge_name(phase))]
    black = QColor("black")
    shapes = {bytes(pixmap(name, black, 16).toImage().constBits()) for name in names}
    assert len(shapes) == len(names) == len(Phase) - 1
    for dark in (True, False):
        assert all(contrast(phase_color(theme(dark), p), theme(dark).base) >= 4.5 for p in Phase)


def test_a_disabled_icon_is_fainter(qtbot: QtBot) -> None:
    found = icon("save", QColor("white"))
    bright, faint = (
        found.pixmap(QSize(16, 16), 1.0, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    ink = [max(i.pixelColor(x, y).alpha() for x in range(16) for y in range(16)) for i in (bright, faint)]
    assert ink[0] > 2 * ink[1] > 0


def test_an_icon_that_is_not_there_is_a_broken_program(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", QColor("white"))


def test_a_theme_nobody_knows_is_the_systems_and_a_choice_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    settings.setValue("theme", "sepia")
    worn = Appearance(qapp, settings)
    assert worn.choice is ThemeChoice.SYSTEM
    heard: list[Theme] = []
    worn.changed.connect(heard.append)
    worn.choose(ThemeChoice.LIGHT)
    worn.choose(ThemeChoice.DARK)
    worn.choose(ThemeChoice.DARK)
    assert [t.dark for t in heard][-2:] == [False, True]
    assert qapp.palette().window().color() == theme(True).window
    assert Appearance(qapp, settings).choice is ThemeChoice.DARK


@pytest.mark.parametrize("dark", [True, False])
def test_what_the_style_draws_is_there(dark: bool) -> None:
    drawn = re.findall(r'url\("([^"]+)"\)', stylesheet(theme(dark)))
    assert {Path(path).stem.partition("-")[0] for path in drawn} == {"check", "down", "up"}
    assert all(Path(path).is_file() for path in drawn)
