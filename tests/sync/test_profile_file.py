"""A mistake in a profile is told with file, line, key and what is allowed; what is right is taken."""

from __future__ import annotations

import pytest

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile_file import read_profile

GOOD = """\
name = "Mine"
base = "https://example.org/api"
auth = "header"
auth_param = "X-Key"

[item]
url = "/things/{id}"
version = "json:/rev"

[content]
kind = "fields"
[content.fields]
text = "/text"
start = { pointer = "/in", unit = "s" }
end = "/out"

[write]
url = "/things/{id}/save"

[list]
url = "/things"
next_params = { cursor = "/meta/cursor" }
ids = ["a"]

[changes]
kind = "poll"
interval_s = 3
"""


def test_what_is_right_is_taken() -> None:
    profile = read_profile(GOOD, "mine.toml")
    assert profile.content.fields["start"].unit == "s" and profile.content.fields["end"].unit == "ms"
    assert profile.list.ids == ("a",) and profile.changes.interval_s == 3.0
    assert profile.write.precondition == ("header:If-Match",)


# What is written instead of what; the line it stands in; words of the sentence.
MISTAKES = [
    ('auth = "header"', 'auth = "oauth"', 3, ("“auth”", "'bearer'", "'basic'")),
    ('auth = "header"', "auth = 7", 3, ("“auth”", "'bearer'")),
    ('auth_param = "X-Key"', 'auth_param = "a b"', 4, ("auth_param", "name of a header")),
    ('auth = "header"', 'auth_format = "Key"', 3, ("auth_format", "{token}")),
    ('name = "Mine"', 'nome = "Mine"', 1, ("“nome”", "not a key", "name")),
    ('base = "https://example.org/api"', 'base = "ftp://example.org"', 2, ("base", "http://")),
    ('base = "https://example.org/api"', 'base = "https://a:b@example.org"', 2, ("base", "--token")),
    ('base = "https://example.org/api"', 'base = "https://e.org/?a=1"', 2, ("base", "?")),
    ('url = "/things/{id}"\n', 'url = "/things"\n', 7, ("item.url", "{id}")),
    ('url = "/things/{id}"\n', 'url = "things/{id}"\n', 7, ("item.url", "begin with “/”")),
    ('url = "/things/{id}/save"', 'url = "/things/{key}"', 18, ("write.url", "{id}")),
    ('url = "/things"\n', 'url = "/things/{id}"\n', 21, ("list.url", "{project}")),
    ('version = "json:/rev"', 'version = "etag"', 8, ("item.version", "'header:NAME'", "'json:/pointer'")),
    ('version = "json:/rev"', 'version_format = "v"', 8, ("item.version_format", "{v}")),
    ('kind = "fields"', 'kind = "webvtt"', 12, ("content.fields", "kind = 'fields'")),
    ('text = "/text"', 'txt = "/text"', 12, ("content.fields", "must hold text")),
    ('text = "/text"', 'text = "text"', 13, ("content.fields.text", "JSON pointer", "RFC 6901")),
    ('unit = "s"', 'unit = "sec"', 14, ("content.fields.start.unit", "'ms'", "'timestamp'")),
    ('unit = "s"', 'units = "s"', 14, ("content.fields.start.units", "not a key", "unit")),
    ('{ pointer = "/in", unit = "s" }', '{ unit = "s" }', 14, ("content.fields.start", "pointer")),
    ('end = "/out"', "", 12, ("content.fields", "end or a duration")),
    ('url = "/things/{id}/save"', 'precondition = "If-Match"', 18, ("write.precondition", "'query:NAME'")),
    ('url = "/things/{id}/save"', 'method = "patch"', 18, ("write.method", "'PATCH'", "'PUT'")),
    ('url = "/things/{id}/save"', 'version = "body"', 18, ("write.version", "'reget'")),
    ('url = "/things/{id}/save"', "idempotency = 1", 18, ("write.idempotency", "true or false")),
    ('url = "/things/{id}/save"', 'omit = "/x"', 18, ("write.omit", "list")),
    ('cursor = "/meta/cursor"', 'cursor = "meta"', 22, ("list.next_params.cursor", "'header:NAME'")),
    ('ids = ["a"]', 'next_headers = { x-next = "next" }', 23, ("list.next_headers.x-next", "'header:NAME'")),
    ('ids = ["a"]', 'next_headers = { Cookie = "/next" }', 23, ("list.next_headers.Cookie", "a secret")),
    ('ids = ["a"]', 'next_headers = { x-next = "/next" }', 23, ("list.next_headers", "list.next_params")),
    ('ids = ["a"]', 'ids = ["a", "a"]', 23, ("list.ids", "twice")),
    ('ids = ["a"]', 'page_param = "page"', 23, ("list.page_param", "list.next_params")),
    ("interval_s = 3", "interval_s = 0", 27, ("changes.interval_s", "0.05", "seconds")),
    ("interval_s = 3", 'interval_s = "3"', 27, ("changes.interval_s", "a number")),
    ('kind = "poll"', 'kind = "sse"', 26, ("changes.kind", "'poll'", "'since'")),
    ("[changes]", "[status]\nconflict = [200]\n[changes]", 26, ("status.conflict", "400 to 499")),
    (
        'url = "/things/{id}/save"',
        'precondition = ["query:a", "query:b"]',
        18,
        ("write.precondition", "names 2", "item.version has 1"),
    ),
    ('version = "json:/rev"', 'version = ["json:/a", "json:/b"]', 17, ("write.precondition", "has 2")),
    ('version = "json:/rev"', "version = []", 8, ("item.version", "nothing can be saved")),
    ('version = "json:/rev"', "empty_is_gone = 1", 8, ("item.empty_is_gone", "true or false")),
    ('version = "json:/rev"', 'gone = "trashed"', 8, ("item.gone", "JSON pointer")),
    ('version = "json:/rev"', 'gone = "/a"\nformat = "text"', 8, ("item.gone", "in JSON")),
    ('version = "json:/rev"', 'gone_values = ["x"]', 8, ("item.gone_values", "needs item.gone")),
    ("[changes]", '[delete]\nmethod = "PATCH"\n[changes]', 26, ("delete.method", "delete.fixed")),
    ('url = "/things/{id}/save"', 'done = "ok"', 18, ("write.done", "JSON pointer")),
    ("[changes]", '[create]\nwrap = "data"\n[changes]', 26, ("create.wrap", "JSON pointer")),
    ("[changes]", '[create]\ndone = "ok"\n[changes]', 26, ("create.done", "JSON pointer")),
    ("[changes]", '[delete]\ndone = "ok"\n[changes]', 26, ("delete.done", "JSON pointer")),
    ('url = "/things/{id}/save"', 'body = "text"', 18, ("write.body", "'text'")),
    ('kind = "fields"', 'kind = "fields"\nencoding = "base64"', 12, ("content.encoding", "'webvtt'")),
    ('kind = "fields"', 'kind = "fields"\nsignature = true', 12, ("content.signature", "'webvtt'")),
    ('ids = ["a"]', 'id_pattern = "["', 23, ("list.id_pattern", "no regular expression")),
    ('ids = ["a"]', 'id_pattern = "a"', 23, ("list.id_pattern", "one group")),
    ('ids = ["a"]', 'format = "html"', 23, ("list.format", "'json'", "'xml'")),
    ('ids = ["a"]', 'method = "POST"', 23, ("list.method", "'PROPFIND'")),
    ("[changes]", '[create]\nid = "server"\n[changes]', 25, ("create.method", "'POST'")),
    (
        "[changes]",
        '[create]\nmethod = "POST"\nid = "server"\n[changes]',
        25,
        ("create.marker", "lost answer"),
    ),
    ("[changes]", '[create]\nmarker = "/m"\n[changes]', 26, ("create.marker", "'server'")),
    ("[changes]", '[create]\nmade_id = "id"\n[changes]', 26, ("create.made_id", "'header:NAME'")),
    ("[changes]", '[write.headers]\nCookie = "x"\n[changes]', 26, ("write.headers.Cookie", "secret")),
    ("[changes]", '[item.headers]\n"a b" = "x"\n[changes]', 25, ("item.headers.a b", "name of a header")),
    ("[changes]", '[headers]\nx-of = "{id}"\n[changes]', 26, ("headers.x-of", "allowed here is {project}")),
    ("[changes]", '[headers]\nAuthorization = "x"\n[changes]', 26, ("headers.Authorization", "secret")),
]


@pytest.mark.parametrize(("was", "now", "line", "words"), MISTAKES, ids=[now[:40] for _, now, *_ in MISTAKES])
def test_a_mistake_is_told_with_its_line(was: str, now: str, line: int, words: tuple[str, ...]) -> None:
    assert GOOD.count(was) == 1
    with pytest.raises(UserError) as told:
        read_profile(GOOD.replace(was, now), "mine.toml")
    sentence = str(told.value)
    assert sentence.startswith(f"mine.toml, line {line}: "), sentence
    assert [word for word in words if word not in sentence] == []


def test_a_link_that_may_hold_the_token_is_not_kept() -> None:
    wanted = GOOD.replace('kind = "poll"', 'kind = "since"\nposition = "link"')
    assert read_profile(wanted, "mine.toml").changes.position == "link"
    with pytest.raises(UserError, match="mine.toml, line 27: “changes.position” .*'poll'"):
        read_profile(wanted.replace('auth = "header"', 'auth = "query"'), "mine.toml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = \n[item]\n", "mine.toml, line 1: this is not valid TOML at column 8: Invalid value."),
        (
            '[item]\n\nurl = "a"\nurl = "b"\n',
            "mine.toml, line 4: this is not valid TOML at column 10: Cannot overwrite a value.",
        ),
        (
            "[list]\nids = [1,\n",
            "mine.toml, line 2: this is not valid TOML where the file ends: Invalid value.",
        ),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_too(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as told:
        read_profile(text, "mine.toml")
    assert str(told.value) == sentence
