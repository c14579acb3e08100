"""Idempotency-Key: a write whose answer was lost is not applied twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.server.test_contract import problem
from tests.server_process import ServerProcess


def seq(client: httpx.Client) -> int:
    found: int = client.get("changes").json()["seq"]
    return found


def same(one: httpx.Response, other: httpx.Response) -> None:
    assert (one.status_code, one.content, one.headers.get("ETag")) == (
        other.status_code,
        other.content,
        other.headers.get("ETag"),
    )
    assert "Idempotent-Replayed" not in one.headers and other.headers["Idempotent-Replayed"] == "true"


def test_every_kind_of_write_answers_its_replay_with_the_first_answer(client: httpx.Client) -> None:
    def twice(method: str, path: str, key: str, headers: dict[str, str], body: Any = None) -> httpx.Response:
        headers = {"Idempotency-Key": key, **headers}
        first = client.request(method, path, json=body, headers=headers)
        assert first.is_success, first.text
        before = seq(client)
        same(first, client.request(method, path, json=body, headers=headers))
        assert seq(client) == before
        return first

    twice("POST", "segments", "1", {}, {"items": [{"id": "a", "order": "a"}, {"id": "b", "order": "b"}]})
    made = twice("PUT", "vtt/c", "2", {"If-None-Match": "*"}, {"order": "c", "content": "x\0é"})
    saved = twice("PATCH", "vtt/c", "3", {"If-Match": made.headers["ETag"]}, {"content": "y"})
    replaced = twice("PUT", "vtt/c", "4", {"If-Match": saved.headers["ETag"]}, {"order": "d"})
    twice("DELETE", "vtt/c", "5", {"If-Match": replaced.headers["ETag"]})


def test_a_replay_does_not_undo_what_a_colleague_did_since(client: httpx.Client) -> None:
    """A lost answer, somebody's revert, and a blind retry: the revert stands."""
    made = client.put("vtt/s", json={"order": "a", "content": "one"}, headers={"If-None-Match": "*"})
    mine = {"If-Match": made.headers["ETag"], "Idempotency-Key": "mine"}
    first = client.patch("vtt/s", json={"content": "two"}, headers=mine)
    client.patch("vtt/s", json={"content": "one"}, headers={"If-Match": first.headers["ETag"]})
    same(first, client.patch("vtt/s", json={"content": "two"}, headers=mine))
    assert client.get("vtt/s").json()["content"] == "one"


def test_a_refusal_is_not_kept(client: httpx.Client) -> None:
    made = client.put("vtt/s", json={"order": "a"}, headers={"If-None-Match": "*"})
    wrong = {"If-Match": '"0-x"', "Idempotency-Key": "k"}
    problem(client.patch("vtt/s", json={"content": "x"}, headers=wrong), 412, "stale-tag")
    right = {"If-Match": made.headers["ETag"], "Idempotency-Key": "k"}
    assert client.patch("vtt/s", json={"content": "x"}, headers=right).status_code == 200


@pytest.mark.parametrize("change", ["body", "url", "method", "tag"])
def test_a_key_belongs_to_one_request(client: httpx.Client, change: str) -> None:
    tags = {}
    for name in ("s", "t"):
        made = client.put(f"vtt/{name}", json={"order": "a"}, headers={"If-None-Match": "*"})
        tags[name] = made.headers["ETag"]
    headers = {"If-Match": tags["s"], "Idempotency-Key": "k"}
    assert client.patch("vtt/s", json={"content": "x"}, headers=headers).status_code == 200
    if change == "tag":
        headers["If-Match"] += ', "0-x"'
    answer = client.request(
        "PUT" if change == "method" else "PATCH",
        "vtt/t" if change == "url" else "vtt/s",
        json={"content": "y" if change == "body" else "x"} | ({"order": "a"} if change == "method" else {}),
        headers=headers,
    )
    problem(answer, 422, "key-reused")


async def test_the_same_request_many_times_at_once_is_applied_once(shared_server: ServerProcess) -> None:
    async with httpx.AsyncClient(
        base_url=shared_server.url, headers=shared_server.headers, timeout=60
    ) as http:
        await http.put("/projects/at-once", headers={"If-None-Match": "*"})
        url = "/projects/at-once/vtt/s"

        async def storm(method: str, body: Any, headers: dict[str, str]) -> httpx.Response:
            answers = await asyncio.gather(
                *(http.request(method, url, json=body, headers=headers) for _ in range(40))
            )
            assert len({(a.status_code, a.content, a.headers.get("ETag")) for a in answers}) == 1
            assert Counter("Idempotent-Replayed" in a.headers for a in answers) == {False: 1, True: 39}
            assert answers[0].is_success
            return answers[0]

        made = await storm("PUT", {"order": "a"}, {"If-None-Match": "*", "Idempotency-Key": "make"})
        saved = await storm("PATCH", {"n": 1}, {"If-Match": made.headers["ETag"], "Idempotency-Key": "save"})
        await storm("DELETE", None, {"If-Match": saved.headers["ETag"], "Idempotency-Key": "delete"})
        assert (await http.get("/projects/at-once/changes")).json()["seq"] == 3
