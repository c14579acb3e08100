"""Input that nobody should send: a clear sentence each, nothing written, the server alive."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.server_process import ServerProcess

JSON = {"Content-Type": "application/json"}
CREATE = {**JSON, "If-None-Match": "*"}


def refused(answer: httpx.Response, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "not JSON"),
        (b"[]", 422, "must be a JSON object"),
        (b'"text"', 422, "must be a JSON object"),
        (b'{"order":"a","content":"\xff"}', 400, "not UTF-8"),
        (b'{"order":"a","n":NaN}', 400, "NaN"),
        (b'{"order":"a","n":12345678901234567890}', 400, "2^53-1"),
        (b'{"order":"a","order":"b"}', 400, "twice"),
        (rb'{"order":"a","content":"\ud83d"}', 400, "surrogate"),
        (b'{"order":"a","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400, "deeper"),
        (b'{"order":"a","content":"' + b"x" * (1 << 20) + b'"}', 413, "larger than 1048576"),
        (b'{"order":"a","content":"' + rb"\u00e9" * 170_000 + b'"}', 201, ""),
        (b'{"order":"a","id":"other"}', 422, "URL names s"),
        (b'{"content":"no order"}', 422, "order of segment s"),
    ],
)
def test_documents(client: httpx.Client, body: bytes, status: int, words: str) -> None:
    answer = client.put("vtt/s", content=body, headers=CREATE)
    if status == 201:
        assert answer.status_code == 201
        return
    refused(answer, status, words)
    assert client.get("vtt/s").status_code == 404


def test_a_patch_cannot_grow_a_segment_beyond_its_bounds(client: httpx.Client) -> None:
    made = client.put("vtt/s", json={"order": "a", "one": "x" * 600_000}, headers={"If-None-Match": "*"})
    tag = made.headers["ETag"]
    grown = client.patch("vtt/s", json={"two": "x" * 600_000}, headers={"If-Match": tag})
    refused(grown, 422, "larger than")
    refused(client.patch("vtt/s", json={"order": None}, headers={"If-Match": tag}), 422, "order of segment s")
    refused(client.patch("vtt/s", json={"id": None}, headers={"If-Match": tag}), 422, "cannot be changed")
    assert client.get("vtt/s").headers["ETag"] == tag


def test_a_bulk_that_is_too_large_still_hears_why(client: httpx.Client) -> None:
    refused(client.post("segments", content=b"x" * (17 << 20), headers=JSON), 413, "larger than 16777216")

    def drip() -> object:
        for _ in range(17):
            yield b"x" * (1 << 20)

    refused(client.post("segments", content=drip(), headers=JSON), 413, "larger")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a%20b", "a%00", "%2e%2e", "é", "x" * 129, "a:b", "a%0A"])
def test_names(client: httpx.Client, name: str) -> None:
    assert client.put(f"vtt/{name}", json={"order": "a"}, headers=CREATE).status_code in (400, 404, 405)
    root = str(client.base_url.copy_with(path="/projects/"))
    assert client.put(root + name, headers={"If-None-Match": "*"}).status_code in (400, 404, 405)


def test_content_types(client: httpx.Client) -> None:
    for kind in ("text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        answer = client.put("vtt/s", content=b'{"order":"a"}', headers={**CREATE, "Content-Type": kind})
        refused(answer, 415, "application/json")
    refused(client.put("vtt/s", content=b"", headers={**CREATE, "Content-Encoding": "gzip"}), 415, "coding")
    made = client.put(
        "vtt/s",
        content=b'{"order":"a"}',
        headers={**CREATE, "Content-Type": "Application/JSON; charset=UTF-8"},
    )
    patched = client.patch(
        "vtt/s",
        content=b"{}",
        headers={"Content-Type": "application/merge-patch+json", "If-Match": made.headers["ETag"]},
    )
    assert patched.status_code == 200


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "since=1e3", "since=٣", "limit=0", f"since={'9' * 30}"]
)
def test_numbers(client: httpx.Client, query: str) -> None:
    refused(client.get(f"changes?{query}"), 400, "whole number")


def test_keys(client: httpx.Client) -> None:
    answer = client.put("vtt/s", json={"order": "a"}, headers={**CREATE, "Idempotency-Key": "k" * 256})
    refused(answer, 400, "Idempotency-Key")


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", "Basic YTpi", "Bearer \xff", "wrong"])
def test_nobody_without_the_token(shared_server: ServerProcess, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    for path in ("/projects", "/projects/x/segments", "/projects/x/events", "/nowhere"):
        answer = httpx.get(shared_server.url + path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert httpx.get(shared_server.url + "/health").json() == {"name": "vtt-desktop", "ok": True}


@pytest.mark.parametrize("raw", [b"\0\0\0\0\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"])
def test_what_is_no_http(shared_server: ServerProcess, raw: bytes) -> None:
    host, port = httpx.URL(shared_server.url).host, httpx.URL(shared_server.url).port
    assert port is not None
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(raw)
        assert b" 400 " in connection.recv(100)
    assert httpx.get(shared_server.url + "/health").status_code == 200


def test_a_body_that_ends_early_writes_nothing(client: httpx.Client, shared_server: ServerProcess) -> None:
    host, port = httpx.URL(shared_server.url).host, httpx.URL(shared_server.url).port
    assert port is not None
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(
            f"PUT {client.base_url.path}vtt/s HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n"
            f"Authorization: Bearer {shared_server.token}\r\nContent-Type: application/json\r\n"
            'Content-Length: 100\r\n\r\n{"order":"a"}'.encode()
        )
    assert client.get("vtt/s").status_code == 404
    assert "Traceback" not in shared_server.log()
