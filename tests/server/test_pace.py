"""Who asks too fast is told when to come again; others are not in their way."""

from __future__ import annotations

from pathlib import Path

import httpx
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.server import pace
from vtt_desktop.server.app import create_app
from vtt_desktop.server.feed import Bells
from vtt_desktop.server.pace import MOST_ADDRESSES, Pace
from vtt_desktop.server.store_sqlite import SqliteStore


async def test_an_address_that_asks_too_fast_is_told_when_to_come_again(tmp_path: Path) -> None:
    """A wrong token counts as a right one does, or it could be guessed at any speed."""
    app = create_app(SqliteStore(tmp_path / "s.sqlite"), Bells(), token="right", pace=Pace(0.01, 3))
    async with app.router.lifespan_context(app):

        async def ask(address: str, token: str) -> httpx.Response:
            transport = httpx.ASGITransport(app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://films.example") as http:
                return await http.get("/projects", headers={"Authorization": f"Bearer {token}"})

        tokens = ["right", "wrong", "right", "right", "wrong"]
        answers = [await ask("192.0.2.1", token) for token in tokens]
        assert [answer.status_code for answer in answers] == [200, 401, 200, 429, 429]
        refused = answers[-1]
        assert 90 <= int(refused.headers["Retry-After"]) <= 100
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["detail"].endswith("nothing was done with this one.")
        assert (await ask("192.0.2.2", "right")).status_code == 200


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_second_sees_more_than_the_bound_and_who_waits_is_let_in(pauses: list[float]) -> None:
    one, now, allowed = Pace(per_second=2, at_once=5), 1000.0, []
    for pause in pauses:
        now += pause
        wait = one.wait("a", now)
        if wait == 0:
            allowed.append(now)
        else:
            assert 0 < wait <= 0.5
            now += wait + 1e-6
            assert one.wait("a", now) == 0
            allowed.append(now)
    for n, start in enumerate(allowed):
        for m in range(n, len(allowed)):
            assert m - n + 1 <= 5 + 2 * (allowed[m] - start) + 1e-3


def test_addresses_without_end_take_no_memory_without_end() -> None:
    one = Pace(per_second=0.001, at_once=1)
    assert one.wait("first", 0) == 0 and one.wait("first", 0) > 0
    for n in range(MOST_ADDRESSES):
        one.wait(f"{n}", 0)
    assert one.wait("first", 0) == 0  # forgotten, as the one that asked longest ago
    assert one.wait(f"{MOST_ADDRESSES - 1}", 0) > 0
    assert pace.AT_ONCE >= 10_000  # a long film, sent whole
