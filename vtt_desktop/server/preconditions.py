"""If-Match and If-None-Match: RFC 9110, sections 8.8.3 and 13.1."""

from __future__ import annotations

import re
from dataclasses import dataclass

# entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; etagc is any visible character but the quote, or obs-text.
_ENTITY_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_SEPARATOR = re.compile(r"[ \t]*(?:,[ \t]*)+")


class PreconditionSyntaxError(ValueError):
    """A precondition header that is neither `*` nor a list of entity tags."""


@dataclass(frozen=True, slots=True)
class EntityTags:
    """What a precondition header lists. `strong` and `weak` are opaque tags without their quotes."""

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """The opaque tags, strong or weak."""
        return self.strong | self.weak

    def match_strongly(self, tag: str) -> bool:
        """If-Match compares strongly (RFC 9110, 13.1.1): a weak tag matches nothing."""
        return self.any or tag in self.strong

    def match_weakly(self, tag: str) -> bool:
        """If-None-Match compares weakly (RFC 9110, 13.1.2)."""
        return self.any or tag in self.all


def parse_entity_tags(header: str) -> EntityTags:
    """Parse `*` or a list of entity tags; raises PreconditionSyntaxError for anything else, also for none."""
    text = header.strip(" \t")
    if text == "*":
        return EntityTags(any=True)
    strong: set[str] = set()
    weak: set[str] = set()
    # Empty list elements are to be accepted: RFC 9110, section 5.6.1.2.
    at = first.end() if (first := _SEPARATOR.match(text)) else 0
    while at < len(text):
        tag = _ENTITY_TAG.match(text, at)
        if tag is None:
            raise PreconditionSyntaxError(header)
        (weak if tag[1] else strong).add(tag[2])
        at = tag.end()
        if at < len(text):
            separator = _SEPARATOR.match(text, at)
            if separator is None:
                raise PreconditionSyntaxError(header)
            at = separator.end()
    if not strong and not weak:
        raise PreconditionSyntaxError(header)
    return EntityTags(strong=frozenset(strong), weak=frozenset(weak))


def quoted(tag: str) -> str:
    """The ETag header's value for an opaque tag."""
    return f'"{tag}"'
