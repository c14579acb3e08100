"""Commands as data: menus, toolbar, palette, keys and the list of shortcuts are made from one registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from PySide6.QtGui import QKeySequence

from vtt_desktop.domain.errors import UserError

Spawn = Callable[[Coroutine[Any, Any, object]], object]
"""Starts background work: the program's one door for it."""


FREE = ("Play", "View", "Help")
"""Menus whose commands do nothing to the document: what is being typed may stay as it is."""


def always() -> str | None:
    """The `disabled_reason` of a command that can be used at any time."""
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    `text` may be a function where it tells of what would happen ("Undo Edit text"). `keys` work in the
    whole window, `work_keys` while the table, the timeline or the picture has the focus: a letter or
    Del in a text box belongs to the text. `disabled_reason` is a sentence, or None while it can run.
    `menu` is the path of menus; `section` groups it there. `checked` makes it a switch. `even_unfit`: it
    runs also while a field holds what cannot be taken.
    """

    id: str
    text: str | Callable[[], str]
    run: Callable[[], object]
    menu: tuple[str, ...]
    keys: tuple[str, ...] = ()
    work_keys: tuple[str, ...] = ()
    icon: str = ""
    disabled_reason: Callable[[], str | None] = always
    checked: Callable[[], bool] | None = None
    section: int = 0
    tip: str = ""
    even_unfit: bool = False

    @property
    def title(self) -> str:
        """The words in the menu, as they are now."""
        return self.text if isinstance(self.text, str) else self.text()

    @property
    def plain_title(self) -> str:
        """The words without the dots that announce a dialog."""
        return self.title.removesuffix("…")

    @property
    def shortcut(self) -> str:
        """The first key as a person reads it; nothing where there is none."""
        keys = (*self.keys, *self.work_keys)
        return readable_key(keys[0]) if keys else ""

    @property
    def all_shortcuts(self) -> str:
        """All keys, joined."""
        return ", ".join(readable_key(key) for key in (*self.keys, *self.work_keys))

    def tooltip(self) -> str:
        """What a tooltip says: name, key, what it does; why it cannot be used now."""
        first = f"{self.plain_title} ({self.shortcut})" if self.shortcut else self.plain_title
        return "\n".join(line for line in (first, self.tip, self.disabled_reason() or "") if line)


@lru_cache(maxsize=512)
def readable_key(key: str) -> str:
    """A key sequence in the words of this platform."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class Reporter(Protocol):
    """Where failures of commands are shown."""

    def tell(self, message: str, hint: str = "") -> None:
        """Something that cannot be done at the moment, and why."""

    def user_error(self, error: UserError) -> None: ...
    def bug(self, error: BaseException) -> None: ...
    def settle(self) -> None:
        """A new command begins: what was only a remark may go."""


class Commands:
    """The registry. Running a command goes through here, so that every failure ends in one place."""

    def __init__(self, spawn: Spawn, reporter: Reporter) -> None:
        self._spawn = spawn
        self._reporter = reporter
        self._finish: Callable[[], str] = str
        self._commands: dict[str, Command] = {}

    def add(self, commands: Iterable[Command]) -> None:
        """Registers commands; ValueError where an id or a key is taken."""
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"there are two commands {command.id}")
            for key in (*command.keys, *command.work_keys):
                if (other := self.by_key(key)) is not None:
                    raise ValueError(f"{command.id} and {other.id} share the key {key}")
            self._commands[command.id] = command

    def hand_in_first(self, finish: Callable[[], str]) -> None:
        """Before a command on the document `finish` hands in what is typed in a field; a sentence: it cannot
        be taken, and the command does not run."""
        self._finish = finish

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, command_id: str) -> Command:
        return self._commands[command_id]

    def by_key(self, key: str) -> Command | None:
        """The command that has this key. A key of the window's is nobody else's anywhere in it."""
        wanted = QKeySequence(key)
        for command in self:
            if any(QKeySequence(k) == wanted for k in (*command.keys, *command.work_keys)):
                return command
        return None

    def run(self, command_id: str) -> bool:
        """Runs a command, or says why it cannot be run. Whether it was started."""
        command = self._commands[command_id]
        self._reporter.settle()
        try:
            unfit = "" if command.menu[0] in FREE else self._finish()
            if reason := (not command.even_unfit and unfit) or command.disabled_reason():
                self._reporter.tell(reason)
                return False
            result = command.run()
        except UserError as error:
            self._reporter.user_error(error)
            return False
        except Exception as error:
            self._reporter.bug(error)
            return False
        if inspect.iscoroutine(result):
            self.spawn(result)
        return True

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs work that a command or a dialog began; its failures are shown like any other."""
        self._spawn(self._reported(work))

    async def _reported(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except UserError as error:
            self._reporter.user_error(error)
        except Exception as error:
            self._reporter.bug(error)
