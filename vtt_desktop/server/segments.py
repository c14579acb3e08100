"""Routes of projects and segments: list, read, create, change under a tag, delete, history, the file."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from vtt_desktop.server.answers import (
    MARK,
    bulk_answer,
    deletion_answer,
    document_answer,
    history_item,
    json_response,
    list_item,
    respond,
    who_and_when,
)
from vtt_desktop.server.documents import (
    BULK_BYTES,
    BULK_ITEMS,
    HEAD,
    DocumentError,
    Json,
    check_document,
    check_patch,
    merge_patch,
    revision_in,
    stored_form,
)
from vtt_desktop.server.feed import Bells
from vtt_desktop.server.preconditions import EntityTags, quoted
from vtt_desktop.server.problems import (
    NO_STORE,
    Problem,
    changed_since,
    deleted,
    head_stays,
    no_segment,
    stale,
    tag_required,
)
from vtt_desktop.server.requests import (
    author,
    checked_name,
    entity_tags,
    number,
    parse_body,
    read_body,
    receipt,
    refused,
    require_json,
)
from vtt_desktop.server.store import (
    Answer,
    NewDocument,
    NoSuchSegmentError,
    ProjectExistsError,
    Receipt,
    Revision,
    SecondHeadError,
    SegmentsExistError,
    StaleTagError,
    Store,
    Write,
)

PAGE_ITEMS = 1000
MOST_ITEMS = 5000
MOST_NAMED = 8
"""So many of the versions that a refused write names are looked up."""


def segment_routes(store: Store, bells: Bells, *, allow_without_if_match: bool = False) -> APIRouter:
    """The routes under /projects that read and write segments."""
    router = APIRouter()

    @router.get("/projects")
    async def projects() -> Response:
        found = [
            {"id": p.name, "epoch": p.epoch, "seq": p.seq, "segments": p.segments}
            for p in await store.projects()
        ]
        return json_response(json.dumps({"projects": found}))

    @router.put("/projects/{project}")
    async def create_project(project: str, request: Request) -> Response:
        checked_name("project", project)
        body = await read_body(request)
        if body.strip() not in (b"", b"{}"):
            raise Problem(422, "bad-document", "A project is created with an empty body; it has no fields.")
        tags = entity_tags(request, "If-None-Match")
        if tags is None or not tags.any:
            raise Problem(428, "tag-required", "A project is created with If-None-Match: *.")
        asked = receipt(request, body)
        if kept := await _replay(project, asked):
            return kept
        made = Answer(201, None, json.dumps({"id": project, "seq": 0, "segments": 0}))
        try:
            return _first(
                await store.create_project(project, Write(author(request), lambda _: made, asked)), asked
            )
        except ProjectExistsError:
            raise Problem(412, "project-exists", f"There is a project {project} already.") from None

    @router.get("/projects/{project}/segments")
    async def page(project: str, request: Request) -> Response:
        checked_name("project", project)
        limit = number(request, "limit", PAGE_ITEMS, MOST_ITEMS, lowest=1)
        found = await store.page(project, _read_cursor(request.query_params.get("after")), limit)
        tag = f"{found.epoch}-{found.seq}-{found.mark}"  # a number alone may be met again in another history
        tags = entity_tags(request, "If-None-Match")
        if tags is not None and tags.match_weakly(tag):
            return Response(status_code=304, headers={**NO_STORE, "ETag": quoted(tag)})
        following = None
        if found.next_after is not None:
            following = f"/projects/{quote(project)}/segments?after={_cursor(found.next_after)}&limit={limit}"
        items = ",".join(map(list_item, found.items))
        return json_response(
            f'{{"epoch":"{found.epoch}","seq":{found.seq},"next":{json.dumps(following)},"items":[{items}]}}',
            {"ETag": quoted(tag), MARK: found.mark},
        )

    @router.post("/projects/{project}/segments")
    async def create_many(project: str, request: Request) -> Response:
        checked_name("project", project)
        require_json(request, ("application/json",))
        body = await read_body(request, BULK_BYTES)
        asked = receipt(request, body)
        if kept := await _replay(project, asked):
            return kept
        documents = _bulk(await parse_body(body))
        try:
            answer = await store.create(project, documents, Write(author(request), bulk_answer, asked))
        except SegmentsExistError as error:
            raise Problem(
                409,
                "segments-exist",
                f"{len(error.ids)} of the segments are there already, the first being {error.ids[0]};"
                " nothing was created.",
                ids=error.ids,
            ) from None
        except SecondHeadError:
            raise _second_head() from None
        bells.ring(project)
        return _first(answer, asked)

    @router.get("/projects/{project}/vtt/{segment_id}")
    async def read(project: str, segment_id: str, request: Request) -> Response:
        _names(project, segment_id)
        current = await _current(project, segment_id)
        tags = entity_tags(request, "If-None-Match")
        if tags is not None and tags.match_weakly(current.tag or ""):
            return Response(status_code=304, headers={**NO_STORE, "ETag": quoted(current.tag or "")})
        response = respond(document_answer(200, current))
        response.headers.update(who_and_when(current))
        return response

    @router.get("/projects/{project}/vtt/{segment_id}/history")
    async def history(project: str, segment_id: str, request: Request) -> Response:
        _names(project, segment_id)
        before = number(request, "before", 0, 1 << 60) or None
        limit = number(request, "limit", 100, PAGE_ITEMS, lowest=1)
        try:
            revisions = await store.history(project, segment_id, before, limit)
        except NoSuchSegmentError:
            raise no_segment(segment_id) from None
        return json_response(f'{{"items":[{",".join(map(history_item, revisions))}]}}')

    @router.patch("/projects/{project}/vtt/{segment_id}")
    async def patch(project: str, segment_id: str, request: Request) -> Response:
        _names(project, segment_id)
        require_json(request)
        body = await read_body(request)
        asked = receipt(request, body)
        if kept := await _replay(project, asked):
            return kept
        try:
            changes = check_patch(await parse_body(body), segment_id)
        except DocumentError as error:
            raise refused(error) from None

        def patched(current: Revision) -> NewDocument:
            document = json.loads(current.document or "null")
            return _new(check_document(merge_patch(document, changes), segment_id))

        return await _change(project, segment_id, request, asked, patched)

    @router.put("/projects/{project}/vtt/{segment_id}")
    async def put(project: str, segment_id: str, request: Request) -> Response:
        _names(project, segment_id)
        require_json(request, ("application/json",))
        creating = entity_tags(request, "If-None-Match")
        changing = entity_tags(request, "If-Match")
        if creating is not None and changing is not None:
            raise Problem(
                400, "bad-precondition", "PUT takes If-None-Match: * to create or If-Match to replace."
            )
        if creating is not None and not creating.any:
            raise Problem(400, "bad-precondition", "PUT knows If-None-Match only as *, to create.")
        body = await read_body(request)
        asked = receipt(request, body)
        if kept := await _replay(project, asked):
            return kept
        try:
            new = _new(check_document(await parse_body(body), segment_id))
        except DocumentError as error:
            raise refused(error) from None
        if creating is None:
            return await _change(project, segment_id, request, asked, lambda _: new)
        write = Write(author(request), lambda made: document_answer(201, made[0]), asked)
        try:
            answer = await store.create(project, [new], write)
        except SegmentsExistError:
            current = await _current(project, segment_id)
            raise stale(current, f"There is a segment {segment_id} already; nothing was written.") from None
        except SecondHeadError:
            raise _second_head() from None
        bells.ring(project)
        return _first(answer, asked)

    @router.delete("/projects/{project}/vtt/{segment_id}")
    async def delete(project: str, segment_id: str, request: Request) -> Response:
        _names(project, segment_id)
        asked = receipt(request, await read_body(request))
        if kept := await _replay(project, asked):
            return kept
        return await _change(project, segment_id, request, asked, lambda _: None)

    @router.get("/projects/{project}/file")
    async def file(project: str) -> Response:
        checked_name("project", project)
        parts = await store.file_parts(project)
        content = "".join(_file_content(parts)).encode("utf-8")
        return Response(content, headers=NO_STORE, media_type="text/vtt")

    async def _current(project: str, segment_id: str) -> Revision:
        try:
            current = await store.segment(project, segment_id)
        except NoSuchSegmentError:
            raise no_segment(segment_id) from None
        if current.document is None:
            raise deleted(current)
        return current

    async def _named_older(project: str, current: Revision, tags: EntityTags) -> str:
        """What to say where `tags` name an older version of the segment; nothing where they do not."""
        named = {rev for tag in tags.all if (rev := revision_in(tag)) is not None and rev < current.rev}
        for rev in sorted(named, reverse=True)[:MOST_NAMED]:
            for past in await store.history(project, current.id, rev + 1, 1):
                if past.tag in tags.all:
                    return changed_since(current)
        return ""

    async def _replay(project: str, asked: Receipt | None) -> Response | None:
        kept = None if asked is None else await store.recall(project, asked.key)
        return None if kept is None else _first(kept, asked)

    async def _change(
        project: str,
        segment_id: str,
        request: Request,
        asked: Receipt | None,
        change: Callable[[Revision], NewDocument | None],
    ) -> Response:
        """Compare and swap: `change` makes the new document from the current one, None deletes it."""
        tags = _if_match(request, allow_without_if_match)
        while True:
            try:
                current = await _current(project, segment_id)
                assert current.tag is not None
                if tags is not None and not tags.match_strongly(current.tag):
                    raise stale(current, await _named_older(project, current, tags))
            except Problem:
                # What makes this request stale may be itself, applied while this copy was on its way.
                if kept := await _replay(project, asked):
                    return kept
                raise
            try:
                new = change(current)
                if (new is None or new.kind != HEAD) and _is_head(current):
                    raise head_stays(removal=new is None)
                if new is None:
                    write = Write(author(request), deletion_answer, asked)
                    answer = await store.delete(project, segment_id, current.tag, write)
                else:
                    write = Write(author(request), lambda made: document_answer(200, made[0]), asked)
                    answer = await store.replace(project, current.tag, new, write)
            except DocumentError as error:
                raise refused(error) from None
            except SecondHeadError:
                raise _second_head() from None
            except StaleTagError:
                # Somebody was faster. Look again: the request may name the newer tag too, or allow any.
                continue
            bells.ring(project)
            return _first(answer, asked)

    return router


def _first(answer: Answer, asked: Receipt | None) -> Response:
    """The response of a write; one that was applied before, under this key, is the first answer again."""
    replayed = asked is not None and answer.fingerprint != ""
    if replayed and asked is not None and answer.fingerprint != asked.fingerprint:
        raise Problem(422, "key-reused", "This Idempotency-Key was used for another request.")
    return respond(answer, replayed=replayed)


def _if_match(request: Request, allow_without: bool) -> EntityTags | None:
    tags = entity_tags(request, "If-Match")
    if tags is not None and not tags.any:
        return tags
    if allow_without:
        return None
    # `*` would be an unconditional write by another name.
    raise tag_required(request.method)


def _names(project: str, segment_id: str) -> None:
    checked_name("project", project)
    checked_name("segment", segment_id)


def _new(document: Json) -> NewDocument:
    return NewDocument(document["id"], document["kind"], document["order"], stored_form(document))


def _bulk(value: object) -> Sequence[NewDocument]:
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list) or not items:
        raise Problem(
            422, "bad-document", 'The body must be {"items": [document, ...]} with at least one document.'
        )
    if len(items) > BULK_ITEMS:
        raise Problem(422, "bad-document", f"At most {BULK_ITEMS} segments are created at once.")
    documents: dict[str, NewDocument] = {}
    for item in items:
        try:
            new = _new(check_document(item))
        except DocumentError as error:
            raise refused(error) from None
        if new.id in documents:
            raise Problem(422, "bad-document", f"Segment {new.id} is there twice in the body.")
        documents[new.id] = new
    return list(documents.values())


def _is_head(current: Revision) -> bool:
    text = current.document or ""  # canonical, so that most need not be parsed for this
    return '"kind":"head"' in text and json.loads(text)["kind"] == HEAD


def _second_head() -> Problem:
    return Problem(409, "second-head", "The project has a head already; a file has one.")


def _file_content(parts: Sequence[str]) -> Sequence[str]:
    """Pure concatenation: the head's content, every other content in order, the head's tail."""
    documents = [json.loads(part) for part in parts]
    tails = [document.get("tail", "") for document in documents if document["kind"] == "head"]
    return [*(document["content"] for document in documents), *tails]


def _cursor(after: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")


def _read_cursor(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    try:
        order, segment_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(order, str) and isinstance(segment_id, str):
            return order, segment_id
    except (binascii.Error, ValueError, TypeError):
        pass
    raise Problem(400, "bad-parameter", "after must be what an earlier page gave in next.")
