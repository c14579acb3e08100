"""Segment documents: read strictly, bounded, patched (RFC 7396), and written in one canonical form.

A document is any JSON object. The server understands five of its fields (`id`, `kind`, `order`,
`content` and, on the head, `tail`) and keeps every other one as it came, through every write.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any, NoReturn

SEGMENT_BYTES = 1 << 20
"""The most that one document may measure in its canonical form, in bytes of UTF-8."""
BULK_BYTES = 16 << 20
BULK_ITEMS = 1000
NESTING = 32
"""Levels of arrays and objects, the document itself being the first."""
LARGEST_INTEGER = 2**53 - 1
"""RFC 7493 (I-JSON), section 2.2: beyond it, two programs may read two different numbers."""
ORDER_CHARACTERS = 256

HEAD = "head"
CUES = "cues"

_NAME = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_ORDER = re.compile(rf"[!-~]{{1,{ORDER_CHARACTERS}}}")

Json = dict[str, Any]


class DocumentError(ValueError):
    """What is wrong with a document or with the JSON it came in, in one sentence.

    `syntax` tells a body that is no acceptable JSON (400) from one that says something impossible (422).
    """

    def __init__(self, sentence: str, *, syntax: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.syntax = syntax


def is_name(text: str) -> bool:
    """Whether `text` may name a project or a segment: RFC 3986 unreserved characters, 1 to 128 of them.

    `.` and `..` are left out, because clients and proxies remove them from a path.
    """
    return _NAME.fullmatch(text) is not None and text not in {".", ".."}


def read_json(body: bytes) -> Any:
    """Parse a request body strictly.

    Raises DocumentError for bytes that are not UTF-8, for NaN and infinities, duplicate keys, integers
    beyond ±(2^53-1), lone surrogates and nesting above `NESTING`: each would otherwise be stored as
    something else than what was sent.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"The body is not UTF-8: byte {error.start} cannot be read.", syntax=True
        ) from None
    if text.startswith("\ufeff"):
        raise DocumentError("The body starts with a byte order mark, which JSON does not allow.", syntax=True)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_int=_exact_integer,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise DocumentError(f"The body is not JSON: {error.msg}, {where}.", syntax=True) from None
    except RecursionError:
        raise _too_deep() from None
    _check_depth(value)
    try:
        canonical(value).encode("utf-8")
    except UnicodeEncodeError:
        raise DocumentError(
            "The body holds half of a surrogate pair, which is no character.", syntax=True
        ) from None
    return value


def canonical(value: Any) -> str:
    """The one form in which a document is stored, hashed and answered: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def revision_tag(revision: int, document: str) -> str:
    """The opaque part of a strong entity tag: the revision, and a hash over the whole canonical document.

    The revision never repeats for one segment, so that a text that was changed and changed back has
    another tag (no ABA); the hash tells a store put back from a backup from the one before it.
    """
    return f"{revision}-{hashlib.blake2b(document.encode('utf-8'), digest_size=8).hexdigest()}"


def revision_in(tag: str) -> int | None:
    """The revision in the opaque part of a tag that looks like one of ours."""
    number, dash, _ = tag.partition("-")
    return int(number) if dash and number.isascii() and number.isdigit() and len(number) < 19 else None


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2, MergePatch(Target, Patch); neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def check_patch(patch: Any, segment_id: str) -> Json:
    """A merge patch for this segment; raises DocumentError when it is no object or touches the id."""
    if not isinstance(patch, dict):
        raise DocumentError("A patch must be a JSON object with the fields to change.")
    if "id" in patch and patch["id"] != segment_id:
        raise DocumentError(f"The id of a segment cannot be changed; this one is {segment_id}.")
    return patch


def check_document(value: Any, segment_id: str | None = None) -> Json:
    """The document as it will be stored: id and defaults filled in, the server's own fields checked.

    `segment_id` is the id in the URL, where there is one. Raises DocumentError.
    """
    if not isinstance(value, dict):
        raise DocumentError("A segment's document must be a JSON object.")
    document = {"kind": CUES, "content": "", **value}
    found = document.setdefault("id", segment_id)
    if not isinstance(found, str) or not is_name(found):
        raise DocumentError(
            "A segment's id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ - (not . or ..)."
        )
    if segment_id is not None and found != segment_id:
        raise DocumentError(f"The document's id is {found}, but the URL names {segment_id}.")
    if document["kind"] not in (HEAD, CUES):
        raise DocumentError(f'The kind of segment {found} must be "head" or "cues".')
    order = document.get("order")
    if not isinstance(order, str) or _ORDER.fullmatch(order) is None:
        raise DocumentError(
            f"The order of segment {found} must be 1 to {ORDER_CHARACTERS} visible ASCII characters."
        )
    for field in ("content", "tail"):
        if not isinstance(document.get(field, ""), str):
            raise DocumentError(f"The {field} of segment {found} must be a string.")
    return document


def stored_form(document: Json) -> str:
    """The canonical text of a checked document; raises DocumentError when it is above `SEGMENT_BYTES`."""
    text = canonical(document)
    if len(text) > SEGMENT_BYTES or len(text.encode("utf-8")) > SEGMENT_BYTES:
        raise DocumentError(f"Segment {document['id']} would be larger than {SEGMENT_BYTES} bytes.")
    return text


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(NESTING):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    if any(isinstance(inner, (dict, list)) for inner in level):
        raise _too_deep()


def _too_deep() -> DocumentError:
    return DocumentError(f"The body is nested deeper than {NESTING} levels.", syntax=True)


def _unique_keys(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DocumentError(f"The key {json.dumps(twice)} is there twice in one object.", syntax=True)
    return found


def _no_constant(name: str) -> NoReturn:
    raise DocumentError(f"{name} is not a JSON number.", syntax=True)


def _exact_integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise DocumentError(
            f"The integer {digits[:24]} is beyond 2^53-1, where programs disagree.", syntax=True
        )
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise DocumentError(f"The number {digits[:24]} is too large.", syntax=True)
    return number
