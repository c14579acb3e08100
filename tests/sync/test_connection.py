"""One connection and what a server may do to it, on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from vtt_desktop.sync.answers import Done, NotReached
from vtt_desktop.sync.connection import Connection
from vtt_desktop.sync.lanes import Lanes
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.wire import Wire

LOCALHOST = Path(__file__).with_name("localhost.pem")
"""A key and a certificate of “localhost” that nobody trusts, for tests alone."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HANGS_UP = b"<hangs up>"
SHORT_S = 0.05


class Server:
    """Answers each request with the next of `says`, and hangs up where that says so, or where it has no more.
    `packets` is what of each request came first; `left`: a client hung up."""

    def __init__(self) -> None:
        self.says: list[bytes] = []
        self.packets: list[bytes] = []
        self.connections = 0
        self.left = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/x"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError):
            while packet := await reader.read(1 << 20):
                self.packets.append(packet)
                said = self.says.pop(0) if self.says else HANGS_UP
                writer.write(said.removesuffix(HANGS_UP))
                if said.endswith(HANGS_UP):
                    break
            else:
                self.left.set()
        writer.close()


@contextlib.asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    it = Server()
    async with await asyncio.start_server(it.serve, "127.0.0.1", 0, ssl=tls) as listening:
        it.port = listening.sockets[0].getsockname()[1]
        yield it


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as it:
        yield it


def connected(tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    transport = Connection(tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    return httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(5.0))


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with connected() as it:
        yield it


async def test_requests_go_one_after_the_other_over_one_connection(
    server: Server, client: httpx.AsyncClient
) -> None:
    server.says = [OK] * 3
    for number in range(3):
        answer = await client.patch(server.url, content=b"words %d" % number)
        assert (answer.status_code, answer.text, answer.http_version) == (200, "ok", "HTTP/1.1")
    bodies = [packet.partition(b"\r\n\r\n")[2] for packet in server.packets]
    assert (bodies, server.connections) == ([b"words 0", b"words 1", b"words 2"], 1)


@pytest.mark.parametrize(
    ("says", "text", "connections"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, "ok", 1),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nya\r\n2\r\nho\r\n0\r\n\r\n", "yaho", 1),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "", 1),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "ok", 2),
        (b"HTTP/1.0 200 OK\r\n\r\nall until the end" + HANGS_UP, "all until the end", 2),
        (OK + b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", "ok", 2),
    ],
)
async def test_how_an_answer_may_end(
    server: Server, client: httpx.AsyncClient, says: bytes, text: str, connections: int
) -> None:
    """What comes behind it is the answer to nothing that is asked later."""
    server.says = [says, OK]
    assert [(await client.get(server.url)).text for _ in range(2)] == [text, "ok"]
    assert server.connections == connections


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nLong: " + 200_000 * b"x",
    ],
)
async def test_after_no_answer_or_half_of_one_the_next_request_has_a_new_connection(
    server: Server, client: httpx.AsyncClient, says: bytes
) -> None:
    server.says = [says + HANGS_UP, OK]
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(server.url)
    assert (await client.get(server.url)).text == "ok"
    assert server.connections == 2


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again(
    server: Server, client: httpx.AsyncClient
) -> None:
    server.says = [OK + HANGS_UP, OK, OK]
    await client.get(server.url)
    async with connected() as another:  # when it has its answer, the end of the first has come too
        await another.get(server.url)
    assert (await client.get(server.url)).text == "ok"


async def test_a_server_that_says_nothing_or_only_the_beginning(
    server: Server, client: httpx.AsyncClient
) -> None:
    server.says = [b"HTTP", OK[:-1], OK]
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url, timeout=SHORT_S)
    assert (await client.get(server.url)).text == "ok"
    assert server.connections == 3


async def test_a_server_that_does_not_take_what_is_sent(client: httpx.AsyncClient) -> None:
    over = asyncio.Event()

    async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.transport.abort()

    async with await asyncio.start_server(never_read, "127.0.0.1", 0, limit=1) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/x"
        with pytest.raises(httpx.WriteTimeout):
            await client.put(url, content=bytes(32 << 20), timeout=httpx.Timeout(5.0, write=SHORT_S))
        over.set()


async def test_a_refusal_of_what_is_not_sent_whole_yet_is_read(
    server: Server, client: httpx.AsyncClient
) -> None:
    server.says = [
        b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" + HANGS_UP
    ]
    assert (await client.put(server.url, content=bytes(32 << 20))).status_code == 413


async def test_a_request_that_is_cancelled_takes_its_connection_with_it(
    server: Server, client: httpx.AsyncClient
) -> None:
    """Its answer is not taken for that to the next one."""
    server.says = [b"", OK]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SHORT_S):
            await client.get(server.url)
    await asyncio.wait_for(server.left.wait(), 5.0)
    assert (await client.get(server.url)).text == "ok"
    assert server.connections == 2


async def test_another_origin_has_another_connection(server: Server, client: httpx.AsyncClient) -> None:
    async with serving() as other:
        server.says, other.says = [OK], [OK]
        await client.get(server.url)
        await client.get(other.url)
    assert (server.connections, other.connections) == (1, 1)


async def test_an_answer_that_is_given_up_leaves_nothing_behind(
    server: Server, client: httpx.AsyncClient
) -> None:
    server.says = [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ndata: 1\n\n", OK]
    async with client.stream("GET", server.url) as answer:
        assert await anext(answer.aiter_lines()) == "data: 1"
    assert (await client.get(server.url)).text == "ok"
    assert server.connections == 2


async def test_a_server_that_is_not_there_and_a_name_that_nobody_has(server: Server) -> None:
    wire = Wire(Profile("it"), "http://127.0.0.1:1", "")
    answer, _ = await wire.request("GET", "/x")
    assert answer == NotReached("http://127.0.0.1:1 cannot be reached: nothing answers there")
    await wire.close()


async def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And one that is trusted is: by its name, and not by another one."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(LOCALHOST)
    async with serving(tls) as it:
        it.says = [OK.replace(b"\r\n\r\nok", b"\r\n\r\n{}")] * 2
        for host, trusted in (("localhost", ""), ("127.0.0.1", str(LOCALHOST))):
            monkeypatch.setenv("SSL_CERT_FILE", trusted) if trusted else None
            url = f"https://{host}:{it.port}"
            wire = Wire(Profile("it"), url, "")
            wire._lanes._trust_env = True
            answer, _ = await wire.request("PATCH", "/x", body={})
            await wire.close()
            assert answer == NotReached(f"{url} cannot be reached: its certificate is not valid")
        assert it.packets == []
        wire = Wire(Profile("it"), f"https://localhost:{it.port}", "")
        wire._lanes._trust_env = True
        assert (await wire.request("PATCH", "/x", body={}))[0] == Done(None, {})
        await wire.close()


async def test_where_a_proxy_is_named_requests_go_through_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "")
    server.says = [OK]
    lanes = Lanes(httpx.Timeout(5.0), secure=False, trust_env=True)
    with lanes.one() as client:
        assert (await client.get("http://server.example/x")).text == "ok"
    await lanes.close()
    assert server.packets[0].startswith(b"GET http://server.example/x HTTP/1.1\r\n")
