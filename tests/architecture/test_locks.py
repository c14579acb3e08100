"""The lock files say exactly what is installed, by hash, and nowhere where from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(name: str) -> list[Requirement]:
    """The requirements of a lock file, each pinned and with its marker."""
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    return [Requirement(line.rstrip("\\ ")) for line in text.splitlines() if line and line[0] not in " #"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    assert not re.search(r"://|^--|@ ", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_locked_is_pinned_and_hashed(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "packaging" / name).read_text(encoding="utf-8").strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [str(r) for r in locked(name) if [s.operator for s in r.specifier] != ["=="]] == []


def test_the_locks_answer_the_project_file() -> None:
    """Fails when pyproject.toml asks for something the locks do not hold: run packaging/lock."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    wanted = project["project"]["dependencies"]
    for name, texts in zip(LOCKS, (wanted, wanted + project["dependency-groups"]["dev"]), strict=True):
        pins = locked(name)
        for requirement in map(Requirement, texts):
            found = [
                pin
                for pin in pins
                if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
                and requirement.specifier.contains(next(iter(pin.specifier)).version)
            ]
            assert found, f"{name} has nothing for {requirement}"


def test_the_tests_run_on_what_the_program_runs_on() -> None:
    assert {str(r) for r in locked(LOCKS[0])} <= {str(r) for r in locked(LOCKS[1])}
