"""Documents: strict reading, one canonical form, RFC 7396 patches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.server import documents as d

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-d.LARGEST_INTEGER, d.LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), VALUES, max_size=5)


# RFC 7396, appendix A, every line of it.
@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_follows_the_rfc(original: Any, patch: Any, result: Any) -> None:
    before = json.dumps(original)
    assert d.merge_patch(original, patch) == result
    assert json.dumps(original) == before


@given(OBJECTS, OBJECTS)
def test_a_patch_touches_nothing_that_it_does_not_name(
    document: dict[str, Any], patch: dict[str, Any]
) -> None:
    merged = d.merge_patch(document, patch)
    assert {k: v for k, v in merged.items() if k not in patch} == {
        k: v for k, v in document.items() if k not in patch
    }
    assert d.merge_patch(merged, patch) == merged


@given(OBJECTS)
def test_what_is_stored_is_what_was_sent(document: dict[str, Any]) -> None:
    text = d.canonical(document)
    assert d.read_json(text.encode()) == document
    assert d.canonical(d.read_json(json.dumps(document, indent=2).encode())) == text
    assert "\n" not in text and "\0" not in text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a":"\xff"}', "not UTF-8: byte 6"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b'{"a":NaN}', "NaN is not a JSON number"),
        (b'{"a":-Infinity}', "-Infinity is not a JSON number"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":9007199254740992}', "beyond 2^53-1"),
        (b'{"a":' + b"9" * 5000 + b"}", "beyond 2^53-1"),
        (b'{"a":1,"b":{"c":1,"c":2}}', 'The key "c" is there twice'),
        (rb'{"a":"\ud800"}', "surrogate"),
        (rb'{"\udc00":1}', "surrogate"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),
        (b"[" * 33 + b"]" * 33, "deeper than 32"),
        (b"[" * 100_000 + b"]" * 100_000, "deeper than 32"),
        (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "deeper than 32"),
    ],
)
def test_a_body_that_cannot_be_kept_exactly_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(d.DocumentError) as caught:
        d.read_json(body)
    assert words in caught.value.sentence and caught.value.syntax


def test_limits_themselves_are_allowed() -> None:
    assert d.read_json(b"[" * 32 + b"]" * 32)
    assert d.read_json(b'{"a":-9007199254740991}') == {"a": -d.LARGEST_INTEGER}
    assert d.read_json('{"a":"😀\\ud83d\\ude00\\u0000"}'.encode()) == {"a": "😀😀\0"}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "must be a JSON object"),
        ({"order": "a"}, "id must be"),
        ({"id": "x/y", "order": "a"}, "id must be"),
        ({"id": "..", "order": "a"}, "id must be"),
        ({"id": "x\n", "order": "a"}, "id must be"),
        ({"id": "x" * 129, "order": "a"}, "id must be"),
        ({"id": 7, "order": "a"}, "id must be"),
        ({"id": "x"}, "order of segment x"),
        ({"id": "x", "order": ""}, "order of segment x"),
        ({"id": "x", "order": "é"}, "order of segment x"),
        ({"id": "x", "order": 1}, "order of segment x"),
        ({"id": "x", "order": "a", "kind": "tail"}, '"head" or "cues"'),
        ({"id": "x", "order": "a", "kind": []}, '"head" or "cues"'),
        ({"id": "x", "order": "a", "content": None}, "content of segment x"),
        ({"id": "x", "order": "a", "tail": 3}, "tail of segment x"),
    ],
)
def test_a_document_that_cannot_be_is_refused(document: Any, words: str) -> None:
    with pytest.raises(d.DocumentError) as caught:
        d.check_document(document)
    assert words in caught.value.sentence and not caught.value.syntax


def test_the_id_comes_from_the_url_and_does_not_change() -> None:
    assert d.check_document({"order": "a", "x": 1}, "s") == {
        "id": "s", "kind": "cues", "order": "a", "content": "", "x": 1,
    }  # fmt: skip
    with pytest.raises(d.DocumentError, match="but the URL names s"):
        d.check_document({"id": "t", "order": "a"}, "s")
    for patch in ({"id": "t"}, {"id": None}):
        with pytest.raises(d.DocumentError, match="cannot be changed"):
            d.check_patch(patch, "s")
    assert d.check_patch({"id": "s", "content": "x"}, "s")


def test_the_size_is_that_of_the_bytes() -> None:
    room = d.SEGMENT_BYTES - len(d.canonical(d.check_document({"id": "s", "order": "a"})))
    d.stored_form(d.check_document({"id": "s", "order": "a", "content": "x" * room}))
    for content in ("x" * (room + 1), "é" * (room // 2 + 1)):
        with pytest.raises(d.DocumentError, match="larger than"):
            d.stored_form(d.check_document({"id": "s", "order": "a", "content": content}))


@given(OBJECTS, OBJECTS)
def test_the_tag_covers_the_whole_document(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = d.canonical(one) == d.canonical(other)
    assert (d.revision_tag(3, d.canonical(one)) == d.revision_tag(3, d.canonical(other))) == same
    assert d.revision_tag(3, d.canonical(one)) != d.revision_tag(4, d.canonical(one))
