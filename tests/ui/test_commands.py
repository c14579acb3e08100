"""The registry of commands: one owner a key, a reason for what cannot be used, one place for failures."""

from collections.abc import Coroutine
from typing import Any

import pytest

from tests.ui.desk_workspace import run_now
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Command, Commands


class Notes:
    """Writes down what would be shown."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def tell(self, message: str, hint: str = "") -> None:
        self.heard.append(message)

    def user_error(self, error: UserError) -> None:
        self.heard.append(error)

    def bug(self, error: BaseException) -> None:
        self.heard.append(error)

    def settle(self) -> None:
        self.heard.append("settled")


def command(name: str, run: Any = lambda: None, **more: Any) -> Command:
    return Command(name, name.title(), run, ("File",), **more)


def registry(*commands: Command) -> tuple[Commands, Notes]:
    notes = Notes()
    made = Commands(run_now, notes)
    made.add(commands)
    return made, notes


def test_an_id_is_given_once() -> None:
    with pytest.raises(ValueError, match="two commands open"):
        registry(command("open"), command("open"))


@pytest.mark.parametrize("key", ["Ctrl+O", "ctrl+o"])
def test_a_key_is_given_once_however_it_is_spelled(key: str) -> None:
    with pytest.raises(ValueError, match="share the key"):
        registry(command("open", keys=("Ctrl+O",)), command("other", keys=(key,)))


def test_a_key_outside_text_must_not_be_one_of_the_window() -> None:
    with pytest.raises(ValueError, match="share the key"):
        registry(command("a", keys=("Space",)), command("b", work_keys=("Space",)))


def test_a_command_that_cannot_be_used_says_why_and_does_not_run() -> None:
    ran: list[str] = []
    commands, notes = registry(command("a", lambda: ran.append("a"), disabled_reason=lambda: "Not now."))
    assert not commands.run("a")
    assert notes.heard == ["settled", "Not now."]
    assert not ran


def test_what_a_person_cannot_do_is_shown_and_a_bug_too() -> None:
    def cannot() -> None:
        raise UserError("No.", "Why not.")

    def fail() -> None:
        raise ZeroDivisionError

    commands, notes = registry(command("a", cannot), command("b", fail))
    assert not commands.run("a")
    assert not commands.run("b")
    assert [type(x) for x in notes.heard] == [str, UserError, str, ZeroDivisionError]


def test_background_work_fails_in_the_same_place() -> None:
    async def work(error: Exception) -> None:
        raise error

    def start(error: Exception) -> Coroutine[Any, Any, None]:
        return work(error)

    commands, notes = registry(
        command("a", lambda: start(UserError("No."))), command("b", lambda: start(KeyError("x")))
    )
    assert commands.run("a")
    assert commands.run("b")
    assert [type(x) for x in notes.heard] == [str, UserError, str, KeyError]


def test_a_tooltip_has_the_name_the_key_and_the_reason() -> None:
    made = Command(
        "a", "Go to…", lambda: None, ("Edit",), ("Ctrl+G",), disabled_reason=lambda: "No.", tip="A cue"
    )
    assert made.tooltip() == "Go to (Ctrl+G)\nA cue\nNo."
