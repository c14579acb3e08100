"""A proxy between a desk and a server that does, request by request, what a script says.

`proxy.on("PATCH", drop_answer)` is done to the next PATCH; several for one method are done one after the
other. `proxy.always("GET", …)` holds until `proxy.clear()`. All else passes through untouched.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ANY = "*"


@dataclass
class Exchange:
    """One request, and the client's side of its connection."""

    proxy: FaultProxy
    method: str
    path: str
    head: bytes
    body: bytes
    writer: asyncio.StreamWriter

    async def forward(self) -> bytes:
        """Asks the server; gives its whole answer."""
        reader, writer = await asyncio.open_connection(self.proxy.host, self.proxy.port)
        try:
            head = re.sub(rb"(?im)^connection:.*\r\n", b"", self.head)
            writer.write(head[:-2] + b"Connection: close\r\n\r\n" + self.body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    async def send(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()


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
    raw = exchange.writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.writer.transport.abort()


async def never(exchange: Exchange) -> None:
    """Accepted, and never answered."""
    await exchange.proxy.closing.wait()


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


LOGIN_PAGE = says("200 OK", "Content-Type: text/html\r\n", "<html>Please log in to the airport.</html>")


@dataclass
class FaultProxy:
    """Listens on loopback; `url` stands for the server's address. `seen` are the requests, in order."""

    target: str
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    cache: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.closing = asyncio.Event()
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

    def _fault(self, method: str) -> Fault:
        for name in (method, ANY):
            if self._script[name]:
                return self._script[name].popleft()
        return self._standing.get(method) or self._standing.get(ANY) or through

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            length = re.search(rb"(?im)^content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            self.seen.append((method, path))
            await self._fault(method)(Exchange(self, method, path, head, body, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def fault_proxy(target: str) -> AsyncIterator[FaultProxy]:
    """A proxy before `target`, gone at the end."""
    proxy = FaultProxy(target)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        proxy.closing.set()
        server.close()
        await server.wait_closed()
