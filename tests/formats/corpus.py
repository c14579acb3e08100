"""Where the corpora lie that tests use in place, and why a test is skipped where they are not."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpora are not beside this checkout")


def files(suffix: str, *parts: str) -> list[Path]:
    return sorted(FOLDER.joinpath(*parts).rglob(f"*{suffix}"))
