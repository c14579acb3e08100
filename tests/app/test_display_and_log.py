"""Whether there is a screen; and a log that never stands in the way."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qCritical, qWarning
from PySide6.QtWidgets import QApplication

from vtt_desktop.app import log
from vtt_desktop.app.display import draw_in_memory, has_display, need_eyes
from vtt_desktop.app.start import make_application
from vtt_desktop.domain.errors import UserError

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)


@linux
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_what_the_environment_says(
    blind: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert not has_display()
    monkeypatch.setenv(name, "")
    assert not has_display(), "an empty one is none"
    monkeypatch.setenv(name, "something")
    assert has_display()
    need_eyes()


@linux
def test_without_a_screen_it_is_said(
    blind: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="no display to open a window on"):
        need_eyes()
    draw_in_memory()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert capsys.readouterr().err.count("\n") == 1
    draw_in_memory()
    assert capsys.readouterr().err == "", "somebody chose it: nothing to say"


def test_of_what_qt_says_only_faults_reach_stderr(
    qapp: QApplication, capfd: pytest.CaptureFixture[str]
) -> None:
    make_application()
    qWarning("a codec was not found")
    qCritical("no window can be made")
    assert capfd.readouterr().err == "vtt-desktop: no window can be made\n"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    logger = logging.getLogger()
    before, level = list(logger.handlers), logger.level
    yield logger
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def test_warnings_reach_the_log_file(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(log, "log_path", lambda: tmp_path / "state" / "program.log")
    log.start_log()
    logging.getLogger("some.part").warning("careful")
    logging.getLogger("some.part").debug("details")
    assert [line.partition(" WARNING ")[2] for line in log.log_path().read_text().splitlines()] == [
        "some.part: careful"
    ]


def test_where_no_log_can_be_written_nothing_is(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file")
    monkeypatch.setattr(log, "log_path", lambda: tmp_path / "state" / "program.log")
    before = list(root.handlers)
    log.start_log()
    assert root.handlers == before
