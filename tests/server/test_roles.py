"""Tokens with a role for one project: what each opens, what it does not, and when it is taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import httpx
import pytest

from tests.server_process import ServerProcess

Someone = Callable[[str], httpx.Client]


@pytest.fixture
def given(client: httpx.Client, request: pytest.FixtureRequest) -> Someone:
    """A client with a new token of this role, for the project of `client`."""

    def give(role: str) -> httpx.Client:
        made = client.post("tokens", json={"name": f"a {role}", "role": role})
        assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
        token = made.json()["token"]
        assert len(token) >= 32
        one = httpx.Client(base_url=client.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        request.addfinalizer(one.close)
        return one

    return give


READS = [("GET", "segments"), ("GET", "vtt/s"), ("GET", "vtt/s/history"), ("GET", "changes"), ("GET", "file")]
WRITES = [("POST", "segments"), ("PUT", "vtt/new"), ("PATCH", "vtt/s"), ("PUT", "vtt/s"), ("DELETE", "vtt/s")]
OWNS = [("GET", "tokens"), ("POST", "tokens"), ("DELETE", "tokens/none")]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("reader", READS, WRITES + OWNS),
        ("editor", READS + WRITES, OWNS),
        ("owner", READS + WRITES + OWNS, []),
    ],
)
def test_a_role_opens_what_it_says(
    client: httpx.Client,
    given: Someone,
    role: str,
    may: list[tuple[str, str]],
    may_not: list[tuple[str, str]],
) -> None:
    client.put("vtt/s", json={"order": "a"}, headers={"If-None-Match": "*"})
    one = given(role)
    here = one.put("presence", json={"desk": "d", "name": "Anna", "segment": "s"})
    assert here.status_code == 200  # who reads may be seen
    for method, path in may_not:
        answer = one.request(method, path, json={})
        assert answer.status_code == 403, (method, path)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"].endswith(".") and "project" in answer.json()["detail"]
    for method, path in may:
        assert one.request(method, path, json={}).status_code not in (401, 403), (method, path)


def test_a_token_opens_its_own_project_alone(
    client: httpx.Client, given: Someone, shared_server: ServerProcess
) -> None:
    owner = given("owner")
    elsewhere = f"{shared_server.url}/projects/another-one"
    httpx.put(elsewhere, headers={**shared_server.headers, "If-None-Match": "*"})
    for method, url in (
        ("GET", f"{elsewhere}/segments"),
        ("GET", f"{elsewhere}/tokens"),
        ("GET", f"{shared_server.url}/projects/not-there/segments"),
        ("PUT", f"{shared_server.url}/projects/a-new-one"),
        ("GET", f"{shared_server.url}/projects"),
    ):
        answer = owner.request(method, url, headers={"If-None-Match": "*"})
        assert answer.status_code == 401 and "error=" in answer.headers["WWW-Authenticate"], url


def test_a_token_that_is_taken_back_opens_nothing_and_ends_its_stream(
    client: httpx.Client, given: Someone
) -> None:
    reader = given("reader")
    (listed,) = client.get("tokens").json()["items"]
    assert set(listed) == {"id", "name", "role", "made"} and listed["name"] == "a reader"
    with reader.stream("GET", "events", timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        assert client.delete(f"tokens/{listed['id']}").status_code == 204
        assert "" in [*lines][-1:]  # it ended, and properly
    assert reader.get("segments").status_code == 401
    assert client.delete(f"tokens/{listed['id']}").status_code == 404
    assert client.get("tokens").json() == {"items": []}


@pytest.mark.parametrize(
    "body",
    [{}, [], {"name": "", "role": "reader"}, {"name": "A", "role": "king"}, {"name": "a\n", "role": "owner"}],
)
def test_a_token_for_nobody_or_nothing_is_refused(client: httpx.Client, body: object) -> None:
    answer = client.post("tokens", json=body)
    assert answer.status_code == 422 and "must be" in answer.json()["detail"]


def test_only_hashes_are_kept(client: httpx.Client, given: Someone, shared_server: ServerProcess) -> None:
    token = given("editor").headers["Authorization"].removeprefix("Bearer ")
    with sqlite3.connect(shared_server.store) as db:
        kept = "".join(db.iterdump())
    db.close()
    assert "a editor" in kept and token not in kept and token not in shared_server.log()
