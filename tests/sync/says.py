"""A small server that says each thing once and keeps what it was asked, and requests to it."""

from __future__ import annotations

import asyncio

from vtt_desktop.sync.answers import Answer
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.wire import Wire

JSON = b"Content-Type: application/json\r\n"


class Says:
    """Answers every request with the same bytes; `asked` are the requests as they came."""

    def __init__(self) -> None:
        self.answer = b""
        self.asked: list[bytes] = []
        self.url = ""

    def status(self, line: str, headers: bytes = b"", body: bytes = b"") -> None:
        length = b"Content-Length: %d\r\n" % len(body) if not line.startswith("204") else b""
        self.answer = b"HTTP/1.1 %s\r\n%s%sConnection: close\r\n\r\n%s" % (
            line.encode(),
            headers,
            length,
            body,
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        writer.write(self.answer)
        await writer.drain()
        writer.close()


async def fetched(says: Says, profile: Profile | None = None) -> Answer:
    repository = Repository(profile or Profile("it"), says.url, project="p")
    try:
        return await repository.fetch("k")
    finally:
        await repository.close()


async def saved(says: Says, profile: Profile | None = None, tag: str = '"1"') -> Answer:
    repository = Repository(profile or Profile("it"), says.url, project="p")
    try:
        return await repository.save("k", {"content": "words"}, tag, "w", None)
    finally:
        await repository.close()


async def asked(says: Says) -> Answer:
    wire = Wire(Profile("it"), says.url, "")
    try:
        return (await wire.request("GET", "/x"))[0]
    finally:
        await wire.close()
