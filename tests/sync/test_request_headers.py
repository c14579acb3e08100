"""Headers that a profile gives to requests: the project's name and the segment's id in them."""

from __future__ import annotations

from vtt_desktop.sync.profile import Listing, Profile
from vtt_desktop.sync.request_body import RequestBody


def test_a_header_names_the_project_and_the_segment() -> None:
    bodies = RequestBody(Profile("a backend"), "film")
    assert bodies.headers({"If-Match": '"{project}/{id}/0"', "Prefer": "all"}, "a") == {
        "If-Match": '"film/a/0"',
        "Prefer": "all",
    }


def test_what_a_header_cannot_hold_is_percent_encoded() -> None:
    bodies = RequestBody(Profile("a backend"), "Köln\n")
    assert bodies.headers({"X-Of": "{project}/{id}"}, "ä") == {"X-Of": "K%C3%B6ln%0A/%C3%A4"}


def test_requests_about_no_one_segment_name_the_project() -> None:
    profile = Profile(
        "a backend", headers={"X-Part": '["{project}"]'}, list=Listing(headers={"X-Of": "{project}"})
    )
    filled = RequestBody(profile, "film").of_project(profile)
    assert (filled.headers, filled.list.headers) == ({"X-Part": '["film"]'}, {"X-Of": "film"})
