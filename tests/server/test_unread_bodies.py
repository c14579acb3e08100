"""Who reads only when all is written hears why it was refused, on a connection that ends too."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection, HTTPResponse

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.server_process import ServerProcess
from vtt_desktop.server.unread import UNREAD_BYTES, HearOut

MEGABYTE = b"x" * (1 << 20)


def said(server: ServerProcess, request: bytes, body: list[bytes]) -> tuple[int, str]:
    """Writes all, then reads: the status and the sentence."""
    url = httpx.URL(server.url)
    assert url.port is not None
    with socket.create_connection((url.host, url.port), timeout=20) as connection:
        connection.sendall(request + b"\r\n")
        for part in body:
            connection.sendall(part)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, json.loads(answer.read())["detail"]


@pytest.mark.parametrize("kept", [b"HTTP/1.1\r\nConnection: close", b"HTTP/1.0", b"HTTP/1.1"])
@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_is_told_to_who_does_not_read_meanwhile(
    shared_server: ServerProcess, client: httpx.Client, kept: bytes, chunked: bool
) -> None:
    chunked &= kept != b"HTTP/1.0"  # has none
    start = b"PUT %svtt/s %s\r\nHost: x\r\nContent-Type: application/json\r\n"
    start %= client.base_url.path.encode(), kept
    start += b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: %d\r\n" % (6 << 20)
    body = [b"100000\r\n%s\r\n" % MEGABYTE] * 6 + [b"0\r\n\r\n"] if chunked else [MEGABYTE] * 6
    token = f"Authorization: Bearer {shared_server.token}\r\n".encode()
    assert said(shared_server, start + token, body) == (413, "The body is larger than 1048576 bytes.")
    assert said(shared_server, start, body) == (401, "A token is needed.")


@pytest.mark.parametrize(
    "more", [f"Content-Length: {6 << 20}\r\nExpect: 100-continue", f"Content-Length: {UNREAD_BYTES + 1}"]
)
def test_nobody_waits_for_a_body_that_does_not_come_or_has_no_bound(
    shared_server: ServerProcess, more: str
) -> None:
    start = f"PUT /projects/x/vtt/s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n"
    assert said(shared_server, start.encode(), []) == (401, "A token is needed.")


def test_a_request_on_a_connection_that_ends_is_served_as_any_other(
    shared_server: ServerProcess, client: httpx.Client
) -> None:
    headers = {**shared_server.headers, "Content-Type": "application/json", "If-None-Match": "*"}
    url = httpx.URL(shared_server.url)
    for name, body in (("a", b'{"order":"a"}'), ("b", b'{"order":"b","content":"%s"}' % MEGABYTE[:-100])):
        connection = HTTPConnection(url.host, url.port, timeout=20)
        connection.request(
            "PUT", f"{client.base_url.path}vtt/{name}", body, {**headers, "Connection": "close"}
        )
        assert connection.getresponse().status == 201
        connection.close()


async def test_of_a_body_without_end_only_so_much_is_read() -> None:
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += len(MEGABYTE)
        return {"type": "http.request", "body": MEGABYTE, "more_body": True}

    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"connection", b"close"), (b"transfer-encoding", b"chunked")]
    await HearOut(refuse)({"type": "http", "http_version": "1.1", "headers": headers}, receive, send)
    assert taken == UNREAD_BYTES and [message["status"] for message in sent] == [413]
