"""No lost update, whoever races with whom."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx

from tests.server_process import ServerProcess, running_server


def connect(server: ServerProcess) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    return httpx.AsyncClient(base_url=server.url, headers=server.headers, limits=limits, timeout=60)


async def project(http: httpx.AsyncClient, name: str) -> None:
    made = await http.put(f"/projects/{name}", headers={"If-None-Match": "*"})
    assert made.status_code == 201


async def test_of_800_saves_with_one_tag_exactly_one_wins(shared_server: ServerProcess) -> None:
    async with connect(shared_server) as http:
        await project(http, "one-tag")
        url = "/projects/one-tag/vtt/s"
        made = await http.put(url, json={"order": "a"}, headers={"If-None-Match": "*"})
        condition = {"If-Match": made.headers["ETag"]}
        answers = await asyncio.gather(
            *(http.patch(url, json={"content": f"desk {n}"}, headers=condition) for n in range(800))
        )
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 799}
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert (await http.get(url)).json() == winner.json()
        assert {answer.headers["ETag"] for answer in answers} == {winner.headers["ETag"]}
        assert (await http.get("/projects/one-tag/changes")).json()["seq"] == 2


async def test_of_100_creations_exactly_one_wins(shared_server: ServerProcess) -> None:
    async with connect(shared_server) as http:
        await project(http, "one-birth")
        url = "/projects/one-birth/vtt/s"
        answers = await asyncio.gather(
            *(http.put(url, json={"order": str(n)}, headers={"If-None-Match": "*"}) for n in range(100))
        )
        assert Counter(answer.status_code for answer in answers) == {201: 1, 412: 99}


async def test_deletions_and_saves_never_both_win(shared_server: ServerProcess) -> None:
    async with connect(shared_server) as http:
        await project(http, "delete-or-save")
        for n in range(20):
            url = f"/projects/delete-or-save/vtt/s{n}"
            made = await http.put(url, json={"order": "a"}, headers={"If-None-Match": "*"})
            condition = {"If-Match": made.headers["ETag"]}
            answers = await asyncio.gather(
                *(http.patch(url, json={"content": "x"}, headers=condition) for _ in range(3)),
                *(http.delete(url, headers=condition) for _ in range(3)),
            )
            won = [answer.status_code for answer in answers if answer.is_success]
            assert len(won) == 1
            assert (await http.get(url)).status_code == (200 if won == [200] else 410)


async def test_a_counter_that_eight_desks_raise_counts_every_step(shared_server: ServerProcess) -> None:
    """Read, add one, save, and again after a 412: each accepted save saw its immediate predecessor."""
    async with connect(shared_server) as http:
        await project(http, "counter")
        url = "/projects/counter/vtt/s"
        made = await http.put(url, json={"order": "a", "count": 0}, headers={"If-None-Match": "*"})

        async def raise_by(steps: int) -> None:
            current = made
            while steps:
                change = {"count": current.json()["count"] + 1}
                answer = await http.patch(url, json=change, headers={"If-Match": current.headers["ETag"]})
                steps -= answer.status_code == 200
                current = answer if answer.status_code == 200 else await http.get(url)

        await asyncio.gather(*(raise_by(25) for _ in range(8)))
        assert (await http.get(url)).json()["count"] == 200
        items = (await http.get(url + "/history?limit=1000")).json()["items"]
        assert [item["document"]["count"] for item in items] == list(range(200, -1, -1))
        assert [item["rev"] for item in items] == list(range(201, 0, -1))


async def test_the_switch_allows_a_save_without_a_tag_and_still_honours_one(tmp_path: Path) -> None:
    with running_server(tmp_path, options=["--allow-without-if-match"]) as server:
        async with connect(server) as http:
            await project(http, "p")
            url = "/projects/p/vtt/s"
            made = await http.put(url, json={"order": "a"}, headers={"If-None-Match": "*"})
            answers = await asyncio.gather(*(http.patch(url, json={f"f{n}": n}) for n in range(30)))
            assert {answer.status_code for answer in answers} == {200}
            # Unconditional saves of different fields still lose none of them.
            assert len((await http.get(url)).json()) == 4 + 30
            stale = await http.patch(url, json={}, headers={"If-Match": made.headers["ETag"]})
            assert stale.status_code == 412
            assert (await http.patch(url, json={}, headers={"If-Match": "*"})).status_code == 200
