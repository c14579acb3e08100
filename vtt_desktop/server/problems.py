"""Refusals as application/problem+json (RFC 9457): one clear sentence in `detail`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Response

from vtt_desktop.server.preconditions import quoted
from vtt_desktop.server.store import Revision

NO_STORE = {"Cache-Control": "no-store"}


class Problem(Exception):
    """A request that is refused. `kind` is the stable name that a program may look at."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> Response:
        """The answer, with `more` as extension members."""
        body = {
            "type": f"urn:vtt-desktop:problem:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return Response(
            json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
            status_code=self.status,
            headers={**NO_STORE, **self.headers},
            media_type="application/problem+json",
        )


def no_project(name: str) -> Problem:
    """404 for a project."""
    return Problem(404, "no-such-project", f"There is no project {name}.")


def no_segment(segment_id: str) -> Problem:
    """404 for a segment that never was."""
    return Problem(404, "no-such-segment", f"There is no segment {segment_id}.")


def deleted(revision: Revision) -> Problem:
    """410 for a segment that was deleted: by whom and when."""
    by = f" by {revision.author}" if revision.author else ""
    return Problem(
        410,
        "segment-deleted",
        f"Segment {revision.id} was deleted{by}.",
        author=revision.author,
        modified=revision.modified,
        seq=revision.seq,
    )


def changed_since(current: Revision) -> str:
    """What to say to who names an older version of a segment."""
    by = f" by {current.author}" if current.author else ""
    return f"Segment {current.id} was changed{by} since it was read; nothing was written."


def stale(current: Revision, detail: str = "") -> Problem:
    """412 with the current document, so that the client can merge without another request."""
    assert current.document is not None and current.tag is not None
    return Problem(
        412,
        "stale-tag",
        detail or f"Segment {current.id} is not at the version named; nothing was written.",
        headers={"ETag": quoted(current.tag)},
        current=json.loads(current.document),
        etag=quoted(current.tag),
        author=current.author,
        modified=current.modified,
        seq=current.seq,
    )


def head_stays(*, removal: bool) -> Problem:
    """405 for the removal of a project's head, 422 for a change that would make it something else."""
    detail = "The head of a project stays, since a file has one: change its content instead."
    if removal:
        return Problem(405, "head-stays", detail, headers={"Allow": "GET, PATCH, PUT"})
    return Problem(422, "head-stays", detail)


def another_history(epoch: str) -> Problem:
    """412 for a client that was told of a write that is not in the project's history; `epoch` tells whether
    it is the same project."""
    detail = "What you were told of last is not in this project's history: the server went back."
    return Problem(412, "another-history", detail, epoch=epoch)


def tag_required(method: str) -> Problem:
    """428 for a write that would overwrite blindly."""
    return Problem(
        428,
        "tag-required",
        f"{method} needs If-Match with the entity tag that was read; an unconditional write is refused.",
    )
