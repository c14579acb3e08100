"""I15: no decision of the sync rests on a wall clock. What reads one is named here, and only shows it.

Cookies alone end by it, in the standard library's jar, and certificates: what follows is a server's refusal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "vtt_desktop"
SHOWN = {
    "sync/link.py:_for_how_long": "until when a server asks to be left alone, in a sentence",
    "sync/journal_lock.py:_taken": "since when somebody holds a journal, in a sentence",
    "app/session.py:__init__": "when a line of the sync log was written",
}
"""Where a clock on the wall is read, and what for."""
CLOCKS = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "email.utils": {"localtime", "formatdate"},
    "uuid": {"uuid1", "uuid6", "uuid7"},
}
"""What reads one, by module or class; those that take a time as well are named all the same."""
IMPORTED = re.compile(r"^\s*(import|from) (time|datetime|email|uuid)\b", re.MULTILINE)
"""In a module that has no such line none can be read."""


def looks(source: str) -> Iterator[str]:
    """The functions of a module that name a clock on the wall, by `module.name`; importing it, or its module,
    by a name is as much."""

    def visit(node: ast.AST, within: str) -> Iterator[str]:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                within = name
            case ast.Attribute(attr=attr, value=value) if attr in CLOCKS.get(_name(value), ()):
                yield within
            case ast.ImportFrom(module=module, names=names) if module in CLOCKS:
                if any(one.name in CLOCKS[module] for one in names):
                    yield within
            case ast.Import(names=names) if any(one.name in CLOCKS and one.asname for one in names):
                yield within
        for child in ast.iter_child_nodes(node):
            yield from visit(child, within)

    yield from visit(ast.parse(source), "the module")


def _name(node: ast.expr) -> str:
    """`email.utils`, `datetime` (also of `datetime.datetime`), …"""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=attr, value=ast.Name(id=name)):
            return attr if name == "datetime" else f"{name}.{attr}"
    return ""


def test_the_sync_looks_at_no_clock_on_the_wall() -> None:
    files = [*sorted((ROOT / "sync").glob("**/*.py")), *sorted((ROOT / "app").glob("**/*.py"))]
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{where}"
        for path in files
        if IMPORTED.search(source := path.read_text(encoding="utf-8"))
        for where in looks(source)
    }
    assert found == SHOWN.keys()


@pytest.mark.parametrize(
    "source",
    [
        "deadline = time.time() + 5",
        "clock = time.time",
        "from time import time",
        "import time as clock",
        "datetime.now().astimezone()",
        "datetime.datetime.now(datetime.UTC)",
        "date.today()",
        "email.utils.localtime()",
        "uuid.uuid1()",
    ],
)
def test_a_look_is_found(source: str) -> None:
    assert [*looks(source)] == ["the module"]


@pytest.mark.parametrize(
    "source",
    ["time.monotonic()", "from time import perf_counter", "datetime.fromisoformat(text)", "self.now()"],
)
def test_what_is_no_clock_on_the_wall_is_not_found(source: str) -> None:
    assert [*looks(source)] == []
