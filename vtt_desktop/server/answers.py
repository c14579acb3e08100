"""Turning what the store holds into HTTP answers. Documents are stored canonical and sent as they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from fastapi import Response

from vtt_desktop.server.preconditions import quoted
from vtt_desktop.server.problems import NO_STORE
from vtt_desktop.server.store import Answer, Revision

MARK = "X-VTT-Mark"
"""The header that tells how far the project's history is, and that clients bring back (`Store.knows`)."""


def document_answer(status: int, revision: Revision) -> Answer:
    """The whole document with its entity tag."""
    return Answer(status, revision.tag, revision.document or "", mark=revision.mark)


def deletion_answer(_revisions: Sequence[Revision]) -> Answer:
    """204: there is nothing left to show."""
    return Answer(204, None, "")


def bulk_answer(revisions: Sequence[Revision]) -> Answer:
    """The tags of what was created, in the order of the request."""
    items = [{"id": revision.id, "etag": _etag(revision)} for revision in revisions]
    return Answer(201, None, json.dumps({"seq": revisions[-1].seq if revisions else 0, "items": items}))


def respond(answer: Answer, *, replayed: bool = False) -> Response:
    """The answer as a response; a replay says so in a header, the rest being what the first one was."""
    headers = dict(NO_STORE)
    if answer.tag is not None:
        headers["ETag"] = quoted(answer.tag)
    if answer.mark:
        headers[MARK] = answer.mark
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if answer.status == 204:
        return Response(status_code=204, headers=headers)
    return Response(
        answer.body.encode("utf-8"), status_code=answer.status, headers=headers, media_type="application/json"
    )


def json_response(text: str, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    """Any other JSON answer."""
    return Response(
        text.encode("utf-8"),
        status_code=status,
        headers={**NO_STORE, **(headers or {})},
        media_type="application/json",
    )


def who_and_when(revision: Revision) -> dict[str, str]:
    """Headers telling who made the current revision (percent-encoded UTF-8) and when."""
    return {"X-VTT-Author": quote(revision.author, safe=" "), "X-VTT-Modified": revision.modified}


def list_item(revision: Revision) -> str:
    """A segment in a listing, as JSON text."""
    name, etag = json.dumps(revision.id), json.dumps(_etag(revision))
    return f'{{"id":{name},"etag":{etag},"document":{revision.document}}}'


def change_item(revision: Revision) -> str:
    """A change in the feed, as JSON text; on one line, as server-sent events need it."""
    return (
        f'{{"seq":{revision.seq},"id":{json.dumps(revision.id)},"etag":{json.dumps(_etag(revision))},'
        f'"deleted":{json.dumps(revision.document is None)},"author":{json.dumps(revision.author)},'
        f'"modified":{json.dumps(revision.modified)},"document":{revision.document or "null"}}}'
    )


def history_item(revision: Revision) -> str:
    """A past revision, as JSON text."""
    return f'{{"rev":{revision.rev},{change_item(revision)[1:]}'


def _etag(revision: Revision) -> str | None:
    return None if revision.tag is None else quoted(revision.tag)
