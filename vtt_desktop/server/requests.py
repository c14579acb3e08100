"""Reading what a request brings: bounded bodies, preconditions, the author's name, keys and numbers."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from starlette.requests import ClientDisconnect

from vtt_desktop.server.documents import SEGMENT_BYTES, DocumentError, is_name, read_json
from vtt_desktop.server.preconditions import EntityTags, PreconditionSyntaxError, parse_entity_tags
from vtt_desktop.server.problems import Problem
from vtt_desktop.server.store import Receipt

JSON_TYPES = ("application/json", "application/merge-patch+json")
BODY_SECONDS = 60
"""How long a body may take to arrive."""
AUTHOR_CHARACTERS = 128
KEY_CHARACTERS = 255
_PARSE_IN_THREAD = 64 << 10


def checked_name(what: str, name: str) -> str:
    """A project's or segment's name from the URL; raises Problem 400 for one that cannot be."""
    if not is_name(name):
        raise Problem(
            400,
            "bad-name",
            f"A {what} is named by 1 to 128 of the characters A-Z a-z 0-9 . _ ~ - (not . or ..).",
        )
    return name


async def read_body(request: Request, limit: int = SEGMENT_BYTES) -> bytes:
    """The whole body, of at most `limit` bytes; raises Problem 408, 413 or 415."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "content-encoding", "A body with a content coding is not accepted.")
    # The connection stays open: closing it under a client that is still sending would hide the answer.
    too_large = Problem(413, "too-large", f"The body is larger than {limit} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise Problem(
            408,
            "too-slow",
            f"The body did not arrive within {BODY_SECONDS} seconds.",
            headers={"Connection": "close"},
        ) from None
    except ClientDisconnect:
        raise Problem(400, "cut-off", "The body ended early.") from None
    return bytes(body)


def require_json(request: Request, accepted: tuple[str, ...] = JSON_TYPES) -> None:
    """Raises Problem 415 unless the body says it is one of the `accepted` types, in UTF-8."""
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next(
        (part.removeprefix("charset=").strip('"') for part in parameters if "charset=" in part), "utf-8"
    )
    if kind not in accepted or charset not in ("utf-8", "utf8"):
        names = " or ".join(accepted)
        raise Problem(
            415,
            "content-type",
            f"The body must be {names}, in UTF-8.",
            headers={"Accept-Patch": ", ".join(JSON_TYPES)},
        )


async def parse_body(body: bytes) -> Any:
    """Strictly parsed JSON; raises Problem 400. A large body does not hold up the other requests."""
    try:
        return await asyncio.to_thread(read_json, body) if len(body) > _PARSE_IN_THREAD else read_json(body)
    except DocumentError as error:
        raise refused(error) from None


def refused(error: DocumentError) -> Problem:
    """400 for what is no acceptable JSON, 422 for a document that cannot be."""
    if error.syntax:
        return Problem(400, "bad-json", error.sentence)
    return Problem(422, "bad-document", error.sentence)


def entity_tags(request: Request, header: str) -> EntityTags | None:
    """A precondition header, None when it is not there; raises Problem 400 for a malformed one."""
    lines = request.headers.getlist(header)
    if not lines:
        return None
    try:
        return parse_entity_tags(", ".join(lines))
    except PreconditionSyntaxError:
        raise Problem(
            400, "bad-precondition", f'{header} must be * or a list of quoted entity tags, such as "3-1f0c".'
        ) from None


def author(request: Request) -> str:
    """The display name in X-VTT-Author: UTF-8, percent-encoded where it is not ASCII; empty when absent.

    A save is never refused because of a name: control characters are left out and a long one is cut.
    """
    raw = request.headers.get("x-vtt-author", "").encode("latin-1")
    name = unquote(raw.decode("utf-8", "replace"), errors="replace")
    return "".join(character for character in name if character.isprintable()).strip()[:AUTHOR_CHARACTERS]


def receipt(request: Request, body: bytes) -> Receipt | None:
    """What an Idempotency-Key asks for; its fingerprint covers method, URL, preconditions and body."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_CHARACTERS:
        raise Problem(400, "bad-key", f"An Idempotency-Key is 1 to {KEY_CHARACTERS} characters long.")
    facts = [
        request.method,
        request.url.path,
        request.headers.getlist("if-match"),
        request.headers.getlist("if-none-match"),
        hashlib.sha256(body).hexdigest(),
    ]
    return Receipt(key, hashlib.sha256(json.dumps(facts).encode()).hexdigest())


def number(request: Request, name: str, default: int, highest: int, lowest: int = 0) -> int:
    """A query parameter that is a whole number; one above `highest` is brought down to it."""
    text = request.query_params.get(name)
    if text is None:
        return default
    # isdecimal alone would let other scripts' digits through.
    if not (text.isascii() and text.isdecimal()) or len(text) > 18 or int(text) < lowest:
        raise Problem(400, "bad-parameter", f"{name} must be a whole number from {lowest}.")
    return min(int(text), highest)
