"""What holds for every test: no screen and no person's files are touched, and chance is repeatable.

The variables are set before anything of the program is imported: Qt and platformdirs read them once.
"""

import gc
import os
import shutil
import sys
import tempfile

import pytest
from hypothesis import HealthCheck, settings

_home = pytest.StashKey[str]()

# No deadline: a busy machine must not fail a property. CI has the same examples each time, home new ones.
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("home"), derandomize=True)


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # as in the program: collected in a worker's thread, a window that is gone takes Qt with it
    settings.load_profile("ci" if os.environ.get("CI") else "home")
    # Tests that need a real window start a screen of their own and a process on it.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = config.stash[_home] = tempfile.mkdtemp(prefix="vtt-desktop-tests-")
    os.environ["HOME"] = home
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = os.path.join(home, kind.lower())
    # A desktop's proxy or token must not come between a test and its server on loopback.
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    os.environ.pop("VTT_DESKTOP_TOKEN", None)
    os.environ.pop("VTT_DESKTOP_STORE", None)
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Hides the windows that a test left, or a modal one takes the keys of all that are opened after it.

    Then collects what a test left, in this thread: all of it behind the last one of a file.
    """
    widgets = sys.modules.get("PySide6.QtWidgets")  # not brought in for a test that has no window
    app = widgets.QApplication.instance() if widgets is not None else None
    if app is not None:
        for window in app.topLevelWidgets():
            window.hide()
    gc.collect(1 if nextitem is not None and nextitem.path == item.path else 2)


def pytest_unconfigure(config: pytest.Config) -> None:
    if home := config.stash.get(_home, ""):
        shutil.rmtree(home, ignore_errors=True)
