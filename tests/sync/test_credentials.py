"""A token belongs to one origin."""

import pytest

from vtt_desktop.sync.credentials import Tokens, on_this_machine, origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Server.Example/projects/a?x#y", "https://server.example"),
        ("HTTPS://server.example:443/a", "https://server.example"),
        ("http://server.example:443", "http://server.example:443"),
        ("http://me:secret@127.0.0.1:8765/projects", "http://127.0.0.1:8765"),
        ("http://[::1]:80/", "http://[::1]"),
        ("file:///etc/passwd", ""),
        ("http://", ""),
        ("http://server:99999999", ""),
        ("", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_a_token_is_known_at_its_origin_only() -> None:
    tokens = Tokens()
    tokens.put("https://server.example/projects/a", "secret")
    assert tokens.get("https://server.example:443/projects/b") == "secret"
    for other in (
        "http://server.example/projects/a",
        "https://server.example:8443/projects/a",
        "https://server.example.evil/projects/a",
        "https://evil@server.example.evil",
        "nonsense",
        "",
    ):
        assert tokens.get(other) == "", other
    assert "secret" not in repr(tokens) and "secret" not in str(vars(tokens).keys())


@pytest.mark.parametrize(
    ("origin", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8", True),
        ("http://localhost:8765", True),
        ("http://localhost.evil", False),
        ("http://127.0.0.1.evil", False),
        ("http://192.168.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_what_looks_like_it(origin: str, here: bool) -> None:
    assert on_this_machine(origin) is here
