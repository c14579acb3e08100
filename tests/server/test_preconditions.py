"""If-Match and If-None-Match by RFC 9110."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.server.preconditions import EntityTags, PreconditionSyntaxError, parse_entity_tags, quoted


@pytest.mark.parametrize(
    ("header", "strong", "weak"),
    [
        ('"a"', {"a"}, set()),
        (' "a" ', {"a"}, set()),
        ('""', {""}, set()),
        ('"a","b"', {"a", "b"}, set()),
        ('"a" ,\t"b, c"', {"a"}, None),
        ('W/"a"', set(), {"a"}),
        ('"a", W/"b"', {"a"}, {"b"}),
        (', "a",, "b" ,', {"a", "b"}, set()),
        ('"a\\"', {"a\\"}, set()),
    ],
)
def test_lists_of_tags(header: str, strong: set[str], weak: set[str] | None) -> None:
    if weak is None:  # a space is no character of an entity tag
        with pytest.raises(PreconditionSyntaxError):
            parse_entity_tags(header)
    else:
        assert parse_entity_tags(header) == EntityTags(strong=frozenset(strong), weak=frozenset(weak))


@pytest.mark.parametrize(
    "header", ["", " ", ",", "a", '"a', 'a"', '"a" "b"', '"a""b"', 'w/"a"', '*, "a"', "**"]
)
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(PreconditionSyntaxError):
        parse_entity_tags(header)


def test_a_weak_tag_never_matches_strongly() -> None:
    tags = parse_entity_tags('W/"a"')
    assert not tags.match_strongly("a") and tags.match_weakly("a")
    assert parse_entity_tags("*").match_strongly("anything")


@given(st.lists(st.text(st.sampled_from("abc-!#,;*W/~"), max_size=6), min_size=1, max_size=5))
def test_every_listed_tag_is_found(tags: list[str]) -> None:
    parsed = parse_entity_tags(", ".join(map(quoted, tags)))
    assert parsed.strong == set(tags) and not parsed.weak and not parsed.any
