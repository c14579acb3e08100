"""A proxy between a desk and a server that does, request by request, what a script says.

`proxy.on("PATCH", drop_answer)` is done to the next PATCH; several for one method are done one after the
other. `proxy.always("GET", …)` holds until `proxy.clear()`. `CONNECTION` stands for a connection that nothing
was asked on yet. All else passes through untouched, and connections are kept between requests, as servers do.

Which story uses which fault is in `tests/interop/fault_list.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

ANY = "*"
CONNECTION = "(connection)"


@dataclass
class Exchange:
    """One request, and the client's side of its connection."""

    proxy: FaultProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    method: str = ""
    path: str = ""
    head: bytes = b""
    body: bytes = b""
    kept: bool = False
    """Whether the connection may be used for another request."""

    async def forward(self) -> bytes:
        """Asks the server; gives its whole answer."""
        reader, writer = await asyncio.open_connection(self.proxy.host, self.proxy.port)
        try:
            head = re.sub(rb"(?im)^connection:.*\r\n", b"", self.head)
            writer.write(head[:-2] + b"Connection: close\r\n\r\n" + self.body)
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
        head, gap, body = answer.partition(b"\r\n\r\n")
        self.proxy.carried_out[self.method] += head[9:10] == b"2"
        return re.sub(rb"(?im)^connection: *close\r\n", b"", head + b"\r\n") + gap[2:] + body

    async def send(self, data: bytes) -> None:
        """To the client; behind a whole answer the connection is kept."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()
            self.kept = _ends_by_itself(data)

    def abort(self) -> None:
        """The connection ends with a TCP reset."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def _ends_by_itself(answer: bytes) -> bool:
    """Whether a client knows where this answer ends without the end of the connection (RFC 9112 6.3, 9.3)."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not gap or not head.startswith(b"HTTP/1.1") or re.search(rb"(?im)^connection: *close", head):
        return False
    if length := re.search(rb"(?im)^content-length: *(\d+)", head):
        return len(body) == int(length[1])
    return head[9:12] in (b"204", b"304") or body.endswith(b"\r\n0\r\n\r\n")


Fault = Callable[[Exchange], Awaitable[None]]


async def through(exchange: Exchange) -> None:
    """Nothing is done to it."""
    answer = await exchange.forward()
    if exchange.method == "GET":
        exchange.proxy.cache.setdefault(exchange.path, answer)
    await exchange.send(answer)


async def drop_request(exchange: Exchange) -> None:
    """It never gets there, and the connection is closed."""


async def drop_answer(exchange: Exchange) -> None:
    """It is carried out, and nobody hears of it."""
    await exchange.forward()


async def twice(exchange: Exchange) -> None:
    """It gets there twice; the answer is the second one's."""
    await exchange.forward()
    await exchange.send(await exchange.forward())


async def cut_in_headers(exchange: Exchange) -> None:
    answer = await exchange.forward()
    await exchange.send(answer[: answer.index(b"\r\n\r\n") - 5])


async def cut_in_body(exchange: Exchange) -> None:
    answer = await exchange.forward()
    await exchange.send(answer[: answer.index(b"\r\n\r\n") + 6])


async def reset(exchange: Exchange) -> None:
    """It is carried out, and the connection ends with a TCP reset."""
    await exchange.forward()
    exchange.abort()


async def never(exchange: Exchange) -> None:
    """Accepted, and never answered."""
    await asyncio.Event().wait()


async def deaf(exchange: Exchange) -> None:
    """On a connection: accepted, and never read from. What the system takes in by itself is little."""
    exchange.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a read transport, too
    await asyncio.Event().wait()


async def half_open(exchange: Exchange) -> None:
    """Answered; then the other side is gone without a word, and the connection still looks like one."""
    await exchange.send(await exchange.forward())
    assert exchange.kept, "the client would not use it again"
    exchange.proxy.swallowed += bool(await exchange.reader.read(1))
    await deaf(exchange)


async def closed_when_idle(exchange: Exchange) -> None:
    """Answered as if the connection were kept, and then it is closed."""
    await exchange.send(await exchange.forward())
    assert exchange.kept
    exchange.kept = False


async def closed_under_us(exchange: Exchange) -> None:
    """Answered; the connection is kept until the next request comes on it, and ends before that is read."""
    await exchange.send(await exchange.forward())
    assert exchange.kept
    exchange.proxy.swallowed += bool(await exchange.reader.read(1))
    exchange.kept = False


def dripping(pause_s: float) -> Fault:
    """Its answer comes byte by byte with a pause after each: it takes for ever, and is never silent for
    long."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        for at in range(len(answer)):
            if exchange.writer.is_closing() or exchange.reader.at_eof():
                return
            await exchange.send(answer[at : at + 1])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await exchange.reader.read(1)  # the client has nothing to say: it ends when that leaves

    return fault


def overtaken(count: int) -> Fault:
    """It arrives after so many later ones were answered, whoever still waits for it then."""

    async def fault(exchange: Exchange) -> None:
        await exchange.proxy.others(count)
        await exchange.send(await exchange.forward())
        exchange.proxy.late.set()

    return fault


def answer_overtaken(count: int) -> Fault:
    """It is carried out; its answer comes after those to so many later ones."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        exchange.proxy.there.set()
        await exchange.proxy.others(count)
        await exchange.send(answer)

    return fault


async def from_cache(exchange: Exchange) -> None:
    """The first answer that this address ever gave; a query that was not seen goes past the cache."""
    await exchange.send(exchange.proxy.cache.get(exchange.path) or await exchange.forward())


def held(until: asyncio.Event, there: asyncio.Event | None = None) -> Fault:
    """It is carried out; its answer waits until told. `there` is set once it was carried out."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        if there is not None:
            there.set()
        await until.wait()
        await exchange.send(answer)

    return fault


def etag(rewritten: Callable[[bytes], bytes | None]) -> Fault:
    """The tag of the answer is another, or none."""

    async def fault(exchange: Exchange) -> None:
        def other(found: re.Match[bytes]) -> bytes:
            tag = rewritten(found[1])
            return b"" if tag is None else b"ETag: " + tag + b"\r\n"

        await exchange.send(re.sub(rb"(?im)^etag: *(.*?)\r\n", other, await exchange.forward()))

    return fault


def says(status: str, headers: str = "", body: str = "") -> Fault:
    """The proxy itself answers; the server is not asked."""

    async def fault(exchange: Exchange) -> None:
        data = body.encode()
        head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
        await exchange.send(head.encode() + data)

    return fault


LOGIN_PAGE = says(
    "200 OK", 'Content-Type: text/html\r\nETag: "1-p"\r\n', "<html>Please log in to the airport.</html>"
)
TO_A_LOGIN = says("302 Found", "Location: https://login.invalid/?next=vtt\r\n")


@contextlib.contextmanager
def unknown_name(name: str) -> Iterator[None]:
    """Nobody can tell where that host is (RFC 6761: the resolver's own words for it)."""

    def failing() -> str:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with _resolved(name, failing):
        yield


@contextlib.contextmanager
def known_name(name: str) -> Iterator[None]:
    """That host is this machine, also where no file says so."""
    with _resolved(name, lambda: "127.0.0.1"):
        yield


@contextlib.contextmanager
def _resolved(name: str, to: Callable[[], str]) -> Iterator[None]:
    resolve = socket.getaddrinfo

    def told(host: Any, *args: Any, **more: Any) -> Any:
        return resolve(to() if host in (name, name.encode()) else host, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", told)
        yield


@dataclass
class FaultProxy:
    """Listens on loopback; `url` stands for the server's address. `seen` are the requests, in order."""

    target: str
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    cache: dict[str, bytes] = field(default_factory=dict)
    carried_out: Counter[str] = field(default_factory=Counter)
    """By method, what the server answered with success."""
    swallowed: int = 0
    """Requests that came on a kept connection, and nobody was there any more."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.late, self.there = asyncio.Event(), asyncio.Event()
        self._done = 0
        self._one_done = asyncio.Event()
        self._serving: set[asyncio.Task[None]] = set()
        self._script: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._standing: dict[str, Fault] = {}

    def on(self, method: str, *faults: Fault) -> None:
        self._script[method].extend(faults)

    def always(self, method: str, fault: Fault) -> None:
        self._standing[method] = fault

    def clear(self) -> None:
        self._script.clear()
        self._standing.clear()

    def count(self, method: str) -> int:
        return sum(1 for one, _ in self.seen if one == method)

    @property
    def met(self) -> bool:
        """Whether all that the script says was done."""
        return not any(self._script.values())

    async def others(self, count: int) -> None:
        """Returns when so many more requests were dealt with."""
        until = self._done + count
        while self._done < until:
            self._one_done.clear()
            await self._one_done.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            if (fault := self._fault(CONNECTION, ())) is not None:
                await fault(Exchange(self, reader, writer))
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._serving.discard(task)
            writer.close()

    def cut(self) -> None:
        """Ends all connections, those that were to last for ever too."""
        for task in self._serving:
            task.cancel()

    def _fault(self, method: str, general: tuple[str, ...] = (ANY,)) -> Fault | None:
        for name in (method, *general):
            if self._script[name]:
                return self._script[name].popleft()
        return next((self._standing[one] for one in (method, *general) if one in self._standing), None)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether there may be another on this connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        self.seen.append((method, path))
        exchange = Exchange(self, reader, writer, method, path, head, body)
        try:
            await (self._fault(method) or through)(exchange)
        finally:
            self._done += 1
            self._one_done.set()
        return exchange.kept


@contextlib.asynccontextmanager
async def fault_proxy(target: str) -> AsyncIterator[FaultProxy]:
    """A proxy before `target`, gone at the end."""
    proxy = FaultProxy(target)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
        await server.wait_closed()
