"""What a person names as a backend, in many forms."""

from pathlib import Path

import pytest

from vtt_desktop.app.target import is_url, load_profile, parse_target, profile_called, shipped_profiles
from vtt_desktop.domain.errors import UserError

OWN = "VTT Desktop server"
PLAIN = "Reference contract"


@pytest.mark.parametrize(
    ("source", "name", "base", "project", "url"),
    [
        ("http://h/projects/film", OWN, "http://h", "film", "http://h/projects/film"),
        ("http://h:8765/projects/film/", OWN, "http://h:8765", "film", "http://h:8765/projects/film"),
        (
            "https://h/sub/path/projects/film",
            OWN,
            "https://h/sub/path",
            "film",
            "https://h/sub/path/projects/film",
        ),
        ("http://h/projects/film/vtt/cue-1", OWN, "http://h", "film", "http://h/projects/film"),
        ("http://h/projects/my%20film", OWN, "http://h", "my film", "http://h/projects/my%20film"),
        ("http://[::1]:80/projects/film", OWN, "http://[::1]:80", "film", "http://[::1]:80/projects/film"),
        ("http://h/vtt/a", PLAIN, "http://h", "", "http://h"),
        ("http://h/api/vtt/a,b", PLAIN, "http://h/api", "", "http://h/api"),
    ],
)
def test_an_address_is_read_as_its_profile_says(
    source: str, name: str, base: str, project: str, url: str
) -> None:
    target = parse_target(source)
    assert (target.profile.name, target.base, target.project) == (name, base, project)
    assert target.url == url


def test_ids_come_from_the_address_or_from_beside_it() -> None:
    assert parse_target("http://h/vtt/a,b").profile.list.ids == ("a", "b")
    assert parse_target("http://h/vtt/a", ids=["x", "y"]).profile.list.ids == ("x", "y")
    assert parse_target("http://h", "reference", ["x"]).profile.list.ids == ("x",)
    with pytest.raises(UserError, match="no list of segments, and no ids"):
        parse_target("http://h", "reference")


@pytest.mark.parametrize("who", ["ann:secret@", ":secret@", "secret@", "ann:sec%72et@"])
def test_credentials_leave_the_address_at_once(who: str) -> None:
    target = parse_target(f"http://{who}h:1/projects/film")
    assert target.token == "secret"
    assert "secret" not in target.url + target.base + target.profile_text and "@" not in target.url


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "No address of a server was given"),
        ("film", "No address of a server was given"),
        ("http://h", "names no project. It looks like http://h/projects/"),
        ("http://h/projects/", "names no project"),
        ("http://h:x/projects/film", "not a valid address"),
        ("http://[h/projects/film", "not a valid address"),
        ("http://h/projects/\udcff", "not UTF-8"),
    ],
)
def test_what_names_no_backend(source: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        parse_target(source)


def test_a_profile_with_a_base_needs_a_project_only(tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'base = "https://h/api/"\n[item]\nurl = "/p/{project}/s/{id}"\n[list]\nurl = "/p/{project}"\n'
    )
    target = parse_target("film", str(profile))
    assert (target.base, target.project, target.url) == ("https://h/api", "film", "https://h/api/p/film")
    assert target.profile_text == profile.read_text(), "as it was, for the project to keep"


def test_shipped_profiles_all_load() -> None:
    for name in ("vtt-desktop", "reference"):
        profile, text = load_profile(name)
        assert profile.name and "[item]" in text


def test_only_http_is_an_address() -> None:
    assert is_url("http://h") and is_url("https://h")
    assert not any(map(is_url, ["film.vtt", "ftp://h", "httpx://h", "/http://", ""]))


def test_a_profile_is_called_by_the_name_under_which_it_is_found() -> None:
    assert [profile_called(load_profile(name)[1]) for name in shipped_profiles()] == shipped_profiles()
    assert profile_called("another") == ""
