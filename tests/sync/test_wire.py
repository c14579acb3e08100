"""What answers mean, on real sockets: a small server says each thing once and keeps what it was asked."""

from __future__ import annotations

import asyncio

import pytest

from tests.sync.says import JSON, Says, asked, fetched, saved
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import (
    Done,
    Missing,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unchanged,
    Unproven,
)
from vtt_desktop.sync.profile import Changes, Item, Profile
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.wire import Wire


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("202 Accepted", Unproven),
        ("206 Partial Content", Unproven),
        ("207 Multi-Status", Unproven),
        ("302 Found", Unproven),
        ("303 See Other", Unproven),
        ("304 Not Modified", Unproven),
        ("400 Bad Request", NotAccepted),
        ("401 Unauthorized", TokenNeeded),
        ("403 Forbidden", NotAllowed),
        ("404 Not Found", Missing),
        ("405 Method Not Allowed", NotAllowed),
        ("408 Request Timeout", Unproven),
        ("409 Conflict", StaleTag),
        ("410 Gone", Missing),
        ("412 Precondition Failed", StaleTag),
        ("413 Content Too Large", NotAccepted),
        ("422 Unprocessable Content", NotAccepted),
        ("423 Locked", Unproven),
        ("425 Too Early", Unproven),
        ("428 Precondition Required", NotAccepted),
        ("429 Too Many Requests", NotReached),
        ("500 Internal Server Error", Unproven),
        ("501 Not Implemented", NotAllowed),
        ("502 Bad Gateway", Unproven),
        ("503 Service Unavailable", Unproven),
        ("504 Gateway Timeout", Unproven),
    ],
)
async def test_a_write_that_was_not_plainly_done(says: Says, line: str, meaning: type) -> None:
    says.status(line)
    assert isinstance(await saved(says), meaning)
    assert len(says.asked) == 1  # nothing here tries again


@pytest.mark.parametrize(
    "line", ["202 Accepted", "204 No Content", "206 Partial Content", "304 Not Modified"]
)
async def test_a_read_that_does_not_show_the_whole_document(says: Says, line: str) -> None:
    """304 answers only who named a version of theirs; 206 only who asked for a part."""
    says.status(line, JSON + b'ETag: "9"\r\n', b'{"content": "half of"}' if line[0] == "2" else b"")
    assert isinstance(await fetched(says), (NotReached, Unproven))


async def test_a_read_that_named_a_version_may_be_told_that_it_is_still_that_one(says: Says) -> None:
    says.status("304 Not Modified")
    repository = Repository(Profile("it"), says.url, project="p")
    assert isinstance(await repository.fetch("k", unless='"1"'), Unchanged)
    await repository.close()


@pytest.mark.parametrize(
    ("auth", "sent"),
    [
        ("bearer", b"GET /events?channel=film HTTP/1.1"),
        ("basic", b"Authorization: Basic bWU6c2VjcmV0"),
        ("query", b"GET /events?channel=film&key=me%3Asecret HTTP/1.1"),
    ],
)
async def test_the_event_stream_is_asked_for_like_all_else(says: Says, auth: str, sent: bytes) -> None:
    """The address's own query, and every kind of credentials."""
    says.status("200 OK", b"Content-Type: text/event-stream\r\n")
    changes = Changes(kind="since", url="/changes", events="/events?channel=film")
    profile = Profile("it", auth=auth, auth_param="key", changes=changes)  # type: ignore[arg-type]
    repository = Repository(profile, says.url, token="me:secret")
    assert [seq async for seq in repository.knocks(3)] == [None]
    await repository.close()
    assert sent in says.asked[0]
    assert says.asked[0].lower().count(b"\r\naccept: text/event-stream\r\n") == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errors": [{"message": "too long"}]}', "The server says: too long"),
        (b'{"error": {"code": 7, "detail": "too long"}}', "The server says: too long"),
        (b'{"fehler": "zu lang"}', 'The server refused it (status 422): {"fehler": "zu lang"}'),
        (b"x" * 900, f"The server refused it (status 422): {'x' * 200}"),
        (b'{"sent": "s3cret-token"}', 'The server refused it (status 422): {"sent": "…"}'),
        (b"\x00\x01", "The server refused it (status 422)."),
        (b"", "The server refused it (status 422)."),
    ],
)
async def test_a_refusal_is_told_in_the_servers_words(says: Says, body: bytes, words: str) -> None:
    says.status("422 Unprocessable Content", JSON, body)
    wire = Wire(Profile("it", auth="bearer"), says.url, "s3cret-token")
    try:
        answer, _ = await wire.request("PATCH", "/x", body={})
    finally:
        await wire.close()
    assert answer == NotAccepted(words)


async def test_a_redirect_says_where_to(says: Says) -> None:
    says.status("303 See Other", b"Location: /elsewhere?token=s3cret-token\r\n")
    wire = Wire(Profile("it", auth="bearer"), says.url, "s3cret-token")
    try:
        answer, _ = await wire.request("PATCH", "/x", body={})
    finally:
        await wire.close()
    assert isinstance(answer, Unproven)
    assert "to /elsewhere?token=…" in answer.why


async def test_a_login_page_is_no_save_and_no_read(says: Says) -> None:
    """I4: a captive portal answers 200 to everything."""
    says.status("200 OK", b'Content-Type: text/html\r\nETag: "9"\r\n', b"<html>log in</html>")
    assert isinstance(await saved(says), Unproven)
    assert isinstance(await fetched(says), (NotReached, Unproven))


async def test_a_redirect_is_not_followed_and_the_token_stays_here(says: Says) -> None:
    """I18."""
    says.status("302 Found", b"Location: http://127.0.0.1:9/elsewhere\r\n")
    repository = Repository(Profile("it", auth="bearer"), says.url, token="secret-word")
    answer = await repository.fetch("k")
    await repository.close()
    assert isinstance(answer, NotReached) and "secret-word" not in str(answer)
    assert b"authorization: bearer secret-word" in says.asked[0].lower()


async def test_an_address_elsewhere_is_not_asked(says: Says) -> None:
    wire = Wire(Profile("it", auth="bearer"), says.url, "secret-word")
    with pytest.raises(UserError, match="another server"):
        await wire.request("GET", "http://127.0.0.1:9/x")
    with pytest.raises(UserError, match="another server"):
        await wire.request("GET", f"{says.url}.example.org/x")
    await wire.close()
    assert says.asked == []


DATE = "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\n"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ("Retry-After: 3\r\n", 3.0),
        ("Retry-After: 0\r\n", 0.0),
        (DATE + "Retry-After: Sun, 22 Nov 2026 10:00:07 GMT\r\n", 7.0),
        (DATE + "Retry-After: Sun, 22 Nov 2026 09:00:00 GMT\r\n", 0.0),
        ("Retry-After: 99999999999999999999\r\n", 300.0),
        (DATE + "Retry-After: Sun, 22 Nov 2099 10:00:00 GMT\r\n", 300.0),
        ("Retry-After: Sun, 22 Nov 2026 10:00:07 GMT\r\n", None),
        ("Retry-After: soon\r\n", None),
        ("Retry-After: -5\r\n", None),
        ("Retry-After: \xb2\r\n", None),
        ("Retry-After: 1.5\r\n", None),
        ("", None),
    ],
)
async def test_retry_after(says: Says, headers: str, seconds: float | None) -> None:
    """RFC 9110 10.2.3; a date is read against the answer's own (I15: no clock of ours)."""
    says.status("503 Service Unavailable", headers.encode("latin-1"))
    answer = await asked(says)
    assert isinstance(answer, Unproven) and answer.retry_after_s == seconds


async def test_who_was_deleted_is_told_from_who_never_was(says: Says) -> None:
    says.status("404 Not Found")
    assert await fetched(says) == Missing()
    says.status("410 Gone")
    assert await fetched(says) == Missing(deleted=True)


@pytest.mark.parametrize(
    "body",
    [
        b'{"detail": "Too long."}',
        b'{"title": "Too long."}',
        b'{"error": {"message": "Too long."}}',
        b'{"detail": [{"msg": "Too long."}]}',
    ],
)
async def test_the_servers_own_words(says: Says, body: bytes) -> None:
    says.status("422 Unprocessable Content", JSON, body)
    answer = await saved(says)
    assert isinstance(answer, NotAccepted) and "Too long." in answer.sentence


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"SMTP ready\r\n\r\n",
    ],
    ids=["closed", "cut in the headers", "cut in the body", "not HTTP"],
)
async def test_an_answer_that_breaks_off_proves_nothing(says: Says, answer: bytes) -> None:
    says.answer = answer
    assert isinstance(await saved(says), Unproven)
    assert isinstance(await fetched(says), (NotReached, Unproven))


async def test_nobody_there() -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    repository = Repository(Profile("it"), f"http://127.0.0.1:{port}")
    answer = await repository.save("k", {}, '"1"', "w", None)
    await repository.close()
    assert isinstance(answer, NotReached) and answer.link_down


async def test_half_a_character_cannot_be_sent(says: Says) -> None:
    repository = Repository(Profile("it"), says.url)
    with pytest.raises(UserError, match="character"):
        await repository.save("k", {"content": "\ud800"}, '"1"', "w", None)
    await repository.close()
    assert says.asked == []


@pytest.mark.parametrize("document", [b"[]", b"7", b'"words"', b"null"])
async def test_a_document_that_is_none(says: Says, document: bytes) -> None:
    says.status("200 OK", JSON + b'ETag: "1"\r\n', document)
    assert isinstance(await fetched(says), (NotReached, Unproven))


async def test_null_is_what_a_backend_without_it_says(says: Says) -> None:
    says.status("200 OK", JSON, b"null")
    gone = Profile("it", item=Item(empty_is_gone=True))
    assert isinstance(await fetched(says, gone), Missing)
    says.status("200 OK", JSON, b"")
    assert isinstance(await fetched(says, gone), Unproven)  # nothing at all says nothing


async def test_a_refusal_of_the_token_before_is_no_refusal_of_the_new_one() -> None:
    """The answer to the old one comes after a person gave another: it is asked again, with that."""
    asked: list[str] = []
    wire: Wire

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(next(line for line in head.splitlines() if line.lower().startswith("authorization")))
        if "old" in asked[-1]:
            wire.set_token("new")
            writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        wire = Wire(
            Profile("p", auth="bearer"), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "old"
        )
        answer, _ = await wire.request("PATCH", "/vtt/a", body={"a": 1})
        await wire.close()
    assert answer == Done(None, {})
    assert [line.rpartition(" ")[2] for line in asked] == ["old", "new"]


async def test_a_cookie_comes_back_on_whichever_connection(says: Says) -> None:
    """Behind some balancers a cookie says which server has the session."""
    says.status("200 OK", JSON + b"Set-Cookie: place=7\r\n", b"{}")
    wire = Wire(Profile("it"), says.url, "")
    try:
        await wire.request("GET", "/x")
        await asyncio.gather(wire.request("GET", "/x"), wire.request("GET", "/x"))
    finally:
        await wire.close()
    assert b"place=7" not in says.asked[0]
    assert all(b"Cookie: place=7\r\n" in head for head in says.asked[1:]) and len(says.asked) == 3


@pytest.mark.parametrize(("position", "heard"), [("integer", [None, 7, None]), ("text", [None, None, None])])
async def test_any_event_knocks_and_a_position_is_told_where_it_can_be_compared(
    says: Says, position: str, heard: list[int | None]
) -> None:
    """First of all what changed before the stream stood is asked for."""
    said = b"id: 7\ndata: {}\n\n: a breath\n\ndata: something\n\n"
    says.status("200 OK", b"Content-Type: text/event-stream\r\n", said)
    changes = Changes(kind="since", url="/changes", events="/events", position=position)  # type: ignore[arg-type]
    repository = Repository(Profile("it", changes=changes), says.url)
    assert [seq async for seq in repository.knocks(3)] == heard
    await repository.close()
    assert (b"last-event-id: 3" in says.asked[0].lower()) == (position == "integer")
