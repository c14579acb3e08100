"""The list of faults says what is: each has a story that does it, and nothing is left out."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from tests import fault_proxy
from tests.interop import bad_lines, fault_list
from tests.interop.bad_lines import ON_EVERY_BACKEND
from tests.interop.fault_list import OTHER_BACKENDS, STORIES, WIRE_FAULTS

TESTS = Path(__file__).resolve().parents[1]
ALL_ON_THE_WIRE = "interop/test_wire_faults.py::test_it_ends_in_bounded_time_and_the_edit_is_there_once"
FAULTS = """
drop the request; drop the answer after the commit; delay; duplicate; reorder; cut in headers; cut in the
body; RST; half-open; accepts and never reads; never answers; keep-alive closed under us; keep-alive closed
while idle; 408; 429; 500; 502; 503; 504; Retry-After in seconds; Retry-After as a date; Retry-After absurd;
401 mid-session; 302 to a login; captive portal; 200 without ETag; tag rewritten: W/; tag rewritten: -gzip;
tag rewritten: unquoted; stale shared cache; backend that ignores If-Match; restart; restored from an older
backup; collection wiped; deleted and re-created with the same id; clock jumps; DNS failure; slow drip; disk
full; read-only journal; kill -9; two programs on one journal; a damaged page; suspend and resume
"""
"""What sync is made for, whether or not somebody tells of it."""


def source_of(story: str) -> str:
    """A test as it is written, with its decorators, and what it does on any server."""
    path, _, name = story.partition("::")
    text = (TESTS / path).read_text("utf-8")
    (found,) = (
        node
        for node in ast.parse(text).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    )
    first = min([found.lineno, *(one.lineno for one in found.decorator_list)])
    test = "\n".join(text.splitlines()[first - 1 : found.end_lineno])
    at_all = [one for one in vars(bad_lines).values() if getattr(one, "__module__", "") == bad_lines.__name__]
    told = [inspect.getsource(one) for one in at_all if f"{one.__name__}(" in test]
    return "\n".join([test, *told])


def test_every_fault_has_a_story() -> None:
    assert {*WIRE_FAULTS, *STORIES} == {" ".join(one.split()) for one in FAULTS.split(";")}
    assert "WIRE_FAULTS" in source_of(ALL_ON_THE_WIRE)


@pytest.mark.parametrize(
    ("story", "word"), sorted({(story, word) for told in STORIES.values() for story, word in told.items()})
)
def test_a_story_is_there_and_does_it(story: str, word: str) -> None:
    assert word in source_of(story)


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
def test_the_worst_of_them_are_done_on_every_backend(backend: str) -> None:
    silent = {name for name, fault in WIRE_FAULTS.items() if fault.silent} - {"never answers"}
    assert {*silent, "reorder", "DNS failure"} <= {*ON_EVERY_BACKEND} <= {*WIRE_FAULTS, *STORIES}
    assert "ON_EVERY_BACKEND" in source_of(f"interop/test_{backend}.py::test_a_bad_line")


def test_whatever_the_proxy_can_do_is_done() -> None:
    """By name, what takes an exchange or gives what does."""
    tree = ast.parse(Path(fault_proxy.__file__).read_text("utf-8"))
    faults = set()
    for node in tree.body:
        match node:
            case ast.AsyncFunctionDef(name=name, args=ast.arguments(args=[ast.arg(arg="exchange")])):
                faults.add(name)
            case ast.FunctionDef(name=name, returns=ast.Name(id="Fault")):
                faults.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="says"))):
                faults.add(name)
    assert {"drop_request", "held", "LOGIN_PAGE"} <= faults
    told = {word for stories in STORIES.values() for word in stories.values()}
    assert faults - {"through"} <= told | set(vars(fault_list))
