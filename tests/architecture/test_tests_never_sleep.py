"""Tests wait for the thing itself. One that waits for time is slow on a good day and wrong on a bad one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def sleeps(source: str) -> Iterator[int]:
    """Line numbers of calls that let time pass: `….sleep(x)`, `sleep(x)`, `qtbot.wait(x)`, `QTest.qWait(x)`.

    `asyncio.sleep(0)` lets others run and waits for nothing: it is none.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node:
            case ast.Call(args=[ast.Constant(value=0)]):
                continue
            case ast.Call(func=ast.Attribute(attr="sleep" | "qWait" | "qSleep")):
                yield node.lineno
            case ast.Call(func=ast.Name(id="sleep")):
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="qtbot"), attr="wait")):
                yield node.lineno


def test_no_test_sleeps() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line in sleeps(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ["time.sleep(0.1)", "sleep(delay)", "await asyncio.sleep(1)", "qtbot.wait(50)", "QTest.qWait(5)"],
)
def test_a_sleep_is_found(source: str) -> None:
    assert list(sleeps(source)) == [1]


@pytest.mark.parametrize("source", ["await asyncio.sleep(0)", "event.wait(5)", "qtbot.waitUntil(done)"])
def test_waiting_for_something_is_none(source: str) -> None:
    assert list(sleeps(source)) == []
