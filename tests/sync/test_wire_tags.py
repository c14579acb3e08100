"""The versions that answers name, on real sockets: kept byte for byte, and never made up."""

from __future__ import annotations

import pytest

from tests.sync.says import JSON, Says, fetched, saved
from vtt_desktop.sync.answers import (
    Done,
)
from vtt_desktop.sync.profile import Item, Profile, Write


async def test_no_content_and_no_version_proves_nothing(says: Says) -> None:
    says.status("204 No Content")
    assert await saved(says) == Done(None, None)


async def test_the_version_of_an_empty_answer(says: Says) -> None:
    says.status("204 No Content", b'ETag: "2"\r\n')
    assert await saved(says) == Done('"2"', None)


@pytest.mark.parametrize("tag", [b'W/"a"', b'"a-gzip"', b"unquoted", b'"\xe9\xff"', b'""', b'"a b"'])
async def test_tags_are_echoed_byte_for_byte(says: Says, tag: bytes) -> None:
    """Rule 1."""
    says.status("200 OK", JSON + b"ETag: " + tag + b"\r\n", b'{"content": "words"}')
    answer = await fetched(says)
    assert isinstance(answer, Done) and answer.etag is not None
    await saved(says, tag=answer.etag)
    assert b"\r\nif-match: " + tag + b"\r\n" in says.asked[1].replace(b"If-Match", b"if-match")


@pytest.mark.parametrize(
    ("how", "tag", "held"),
    [
        ("verbatim", 'W/"a"', 'W/"a"'),
        ("strip-weak", 'W/"a"', '"a"'),
        ("strip-suffix", 'W/"a-gzip"', '"a"'),
        ("strip-suffix", '"a-b"', '"a-b"'),
    ],
)
async def test_a_profile_may_undo_what_a_proxy_does_to_tags(
    says: Says, how: str, tag: str, held: str
) -> None:
    says.status("200 OK", JSON + f"ETag: {tag}\r\n".encode(), b"{}")
    answer = await fetched(says, Profile("it", etag=how))  # type: ignore[arg-type]
    assert isinstance(answer, Done) and answer.etag == held


async def test_a_version_in_the_document(says: Says) -> None:
    profile = Profile("it", item=Item(version=("json:/v",)), write=Write(version=("json:/v",)))
    says.status("200 OK", JSON + b'ETag: "other"\r\n', b'{"v": 7, "content": "words"}')
    answer = await fetched(says, profile)
    assert isinstance(answer, Done) and answer.etag == "7"


async def test_nothing_between_may_compress_or_cache(says: Says) -> None:
    """Rule 2."""
    says.status("200 OK", JSON, b"{}")
    await fetched(says)
    await saved(says)
    for head in says.asked:
        assert b"accept-encoding: identity" in head.lower() and b"cache-control: no-cache" in head.lower()
