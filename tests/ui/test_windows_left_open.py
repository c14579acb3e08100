"""Of tests: a window that one leaves open is none of the next one's. In this order."""

import pytest
from PySide6.QtWidgets import QApplication, QDialog


@pytest.fixture(scope="module")
def held() -> list[QDialog]:
    """What lives on, as a window does that nothing has collected yet."""
    return []


def test_a_dialog_is_left_open(qapp: QApplication, held: list[QDialog]) -> None:
    held.append(QDialog())
    held[0].open()
    assert qapp.activeModalWidget() is held[0]


def test_keys_go_to_the_next_window(qapp: QApplication, held: list[QDialog]) -> None:
    assert held and qapp.activeModalWidget() is None
