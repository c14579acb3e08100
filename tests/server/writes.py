"""Documents and writes as the tests of the stores make them."""

from __future__ import annotations

from collections.abc import Sequence

from vtt_desktop.server.documents import canonical, check_document, stored_form
from vtt_desktop.server.store import Answer, NewDocument, Receipt, Revision, Write


def new(segment_id: str, order: str, content: str = "", kind: str = "cues") -> NewDocument:
    document = check_document({"id": segment_id, "order": order, "content": content, "kind": kind})
    return NewDocument(segment_id, kind, order, stored_form(document))


def tags_of(made: Sequence[Revision]) -> Answer:
    return Answer(200, made[0].tag if made else None, canonical([revision.tag for revision in made]))


def by(author: str = "", receipt: Receipt | None = None) -> Write:
    return Write(author, tags_of, receipt)
