"""The bench of the sync runs, on a few cues: its ratios are for a quiet machine to judge."""

import re

import pytest

from tests.bench import bench_sync


def test_the_bench_of_sharing(capsys: pytest.CaptureFixture[str]) -> None:
    ratios = bench_sync.run(40, idle_s=0.2)
    said = capsys.readouterr().out
    assert set(ratios) == set(bench_sync.BUDGETS) and all(ratio > 0 for ratio in ratios.values())
    assert re.search(r"sending 40: bare \d+\.\d+ s .*; ours \d+\.\d+ s", said)


@pytest.mark.parametrize(("ratio", "status"), [(1.0, 0), (1.6, 1)])
def test_a_missed_budget_is_an_exit_status(
    ratio: float, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ratios = {**dict.fromkeys(bench_sync.BUDGETS, 0.5), "sending over a bare httpx loop": ratio}
    monkeypatch.setattr(bench_sync, "run", lambda count: ratios)
    assert bench_sync.main(["--cues", "40"]) == status
