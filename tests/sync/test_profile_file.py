"""Profiles: the shipped ones are read, and of every mistake it is said where it is and what is allowed."""

from __future__ import annotations

import pytest

from vtt_desktop.domain.errors import UserError
from vtt_desktop.resources import ROOT
from vtt_desktop.sync.profile import FieldAt
from vtt_desktop.sync.profile_file import read_profile

SHIPPED = sorted((ROOT / "profiles").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_profiles_are_read(path: object) -> None:
    assert read_profile(path.read_text("utf-8"), "it").name  # type: ignore[attr-defined]


def test_every_kind_of_value() -> None:
    profile = read_profile(
        """
name = "All"
headers = { X-One = "1" }
[content]
kind = "fields"
fields = { text = "/t", start = { pointer = "/s", unit = "s" }, end = "/e" }
[status]
conflict = [412]
[list]
ids = ["a", "b"]
[changes]
interval_s = 5
""",
        "all.toml",
    )
    assert profile.content.fields == {
        "text": FieldAt("/t"),
        "start": FieldAt("/s", "s"),
        "end": FieldAt("/e"),
    }
    assert profile.status.conflict == (412,) and profile.list.ids == ("a", "b")
    assert profile.changes.interval_s == 5.0 and profile.headers == {"X-One": "1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", ["film.toml", "TOML"]),
        ('name = "a"\n\nfoo = 1', ["film.toml, line 3", "“foo”", "allowed are", "auth"]),
        ('[item]\nurl = "/a/{id}"\n[list]\nurl = 3', ["film.toml, line 4", "“list.url”", "text"]),
        ('[item]\nurl = "/a"', ["line 2", "“item.url”", "{id}"]),
        ('auth = "digest"', ["line 1", "“auth”", "'digest'", "'basic'", "'bearer'"]),
        ('[list]\nids = "a"', ["line 2", "“list.ids”", "list"]),
        ("[status]\nconflict = [true]", ["line 2", "“status.conflict”", "whole number"]),
        ('[write]\nversion = "etag"', ["line 2", "“write.version”", "header:NAME"]),
        ('[write]\nprecondition = "If-Match"', ["line 2", "“write.precondition”", "body:/pointer"]),
        ('[content]\npointer = "content"', ["line 2", "“content.pointer”", "“/”"]),
        (
            '[content]\nkind = "fields"\n[content.fields]\ntext = "/t"\ncolour = "/c"',
            ["“content.fields”", "line 3", "identifier"],
        ),
        ('[content]\nkind = "fields"\nfields = { text = "t" }', ["“content.fields.text”", "line 3"]),
        ("item = 3", ["line 1", "“item”", "table"]),
        ("[changes]\ninterval_s = true", ["line 2", "interval_s"]),
    ],
)
def test_a_mistake_is_named(text: str, words: list[str]) -> None:
    with pytest.raises(UserError) as raised:
        read_profile(text, "film.toml")
    for word in words:
        assert word in str(raised.value)
