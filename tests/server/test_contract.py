"""The HTTP contract, from outside, over a real socket."""

from __future__ import annotations

import httpx
import pytest

CUE = "00:01.000 --> 00:02.000\nHello\n\n"


def create(client: httpx.Client, segment_id: str = "s1", **fields: object) -> str:
    document = {"order": "a", "content": CUE, **fields}
    answer = client.put(f"vtt/{segment_id}", json=document, headers={"If-None-Match": "*"})
    assert answer.status_code == 201, answer.text
    return answer.headers["ETag"]


def address(client: httpx.Client, path: str) -> httpx.URL:
    """A path of the server itself: a relative one belongs to the test's project."""
    return client.base_url.join(path)


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, object] = answer.json()
    assert body["type"] == f"urn:vtt-desktop:problem:{kind}"
    assert body["status"] == status and body["title"] and str(body["detail"]).endswith(".")
    return body


def test_a_save_under_the_tag_that_was_read(client: httpx.Client) -> None:
    tag = create(client, note={"by": ["a", 1]})
    read = client.get("vtt/s1")
    assert read.headers["ETag"] == tag and read.headers["Cache-Control"] == "no-store"
    assert tag.startswith('"1-')

    saved = client.patch("vtt/s1", json={"content": "x\0y"}, headers={"If-Match": tag})
    assert saved.status_code == 200
    assert saved.json() == {
        "id": "s1", "kind": "cues", "order": "a", "content": "x\0y", "note": {"by": ["a", 1]},
    }  # fmt: skip
    assert saved.headers["ETag"].startswith('"2-')
    read = client.get("vtt/s1")
    assert read.json() == saved.json() and read.headers["ETag"] == saved.headers["ETag"]


def test_a_stale_tag_is_refused_and_shown_what_is_there(client: httpx.Client) -> None:
    old = create(client)
    theirs = client.patch(
        "vtt/s1", json={"content": "theirs"}, headers={"If-Match": old, "X-VTT-Author": "J%C3%B6rg"}
    )
    refused = client.patch("vtt/s1", json={"content": "mine"}, headers={"If-Match": old})
    body = problem(refused, 412, "stale-tag")
    assert body["current"] == theirs.json()
    assert refused.headers["ETag"] == theirs.headers["ETag"] == body["etag"]
    assert body["author"] == "Jörg" and str(body["modified"]).endswith("Z")
    again = client.patch("vtt/s1", json={"content": "mine"}, headers={"If-Match": refused.headers["ETag"]})
    assert again.status_code == 200


def test_only_who_names_an_older_version_is_told_that_it_was_changed(client: httpx.Client) -> None:
    first = create(client)
    second = client.patch(
        "vtt/s1", json={"content": "x"}, headers={"If-Match": first, "X-VTT-Author": "Ana"}
    ).headers["ETag"]
    digest = first.strip('"').partition("-")[2]
    named = {
        first: "was changed by Ana since it was read",
        f'"1-x", "9-x", {first}': "was changed by Ana since it was read",
        f"W/{second}": "is not at the version named",
        f'"2-{digest}"': "is not at the version named",
        f'"1-{digest[::-1]}x"': "is not at the version named",
        '"3-x"': "is not at the version named",
        '"never"': "is not at the version named",
        f'"{"9" * 30}-x", "\u00e92-\u00b2"': "is not at the version named",
    }
    for tags, words in named.items():
        headers = {"If-Match": tags.encode("latin-1")}
        refused = client.request("PATCH", "vtt/s1", json={"content": "y"}, headers=headers)
        assert problem(refused, 412, "stale-tag")["detail"] == f"Segment s1 {words}; nothing was written."


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("condition", [{}, {"If-Match": "*"}])
def test_an_unconditional_write_is_refused(
    client: httpx.Client, method: str, condition: dict[str, str]
) -> None:
    tag = create(client)
    answer = client.request(method, "vtt/s1", json={"order": "b"}, headers=condition)
    problem(answer, 428, "tag-required")
    assert client.get("vtt/s1").headers["ETag"] == tag


def test_weak_tags_never_match_and_lists_do(client: httpx.Client) -> None:
    tag = create(client)
    for header in (f"W/{tag}", '"1-other"', tag.strip('"').join(['"', '-gzip"'])):
        problem(client.patch("vtt/s1", json={}, headers={"If-Match": header}), 412, "stale-tag")
    problem(client.patch("vtt/s1", json={}, headers={"If-Match": "1-x"}), 400, "bad-precondition")
    listed = client.patch("vtt/s1", json={"content": "x"}, headers={"If-Match": f'"0-a", {tag}'})
    assert listed.status_code == 200
    two_lines = [("If-Match", '"0-a"'), ("If-Match", listed.headers["ETag"])]
    assert client.patch("vtt/s1", json={"content": "y"}, headers=two_lines).status_code == 200


def test_a_text_changed_and_changed_back_has_another_tag(client: httpx.Client) -> None:
    first = create(client)
    second = client.patch("vtt/s1", json={"content": "B"}, headers={"If-Match": first}).headers["ETag"]
    third = client.patch("vtt/s1", json={"content": CUE}, headers={"If-Match": second}).headers["ETag"]
    assert len({first, second, third}) == 3
    problem(client.patch("vtt/s1", json={"content": "C"}, headers={"If-Match": first}), 412, "stale-tag")


def test_the_tag_covers_every_field(client: httpx.Client) -> None:
    tag = create(client, start=1000)
    other = client.patch("vtt/s1", json={"start": 1001}, headers={"If-Match": tag}).headers["ETag"]
    assert tag.partition("-")[2] != other.partition("-")[2]


def test_create_only_once(client: httpx.Client) -> None:
    tag = create(client, content="first")
    again = client.put("vtt/s1", json={"order": "b"}, headers={"If-None-Match": "*"})
    body = problem(again, 412, "stale-tag")
    assert again.headers["ETag"] == tag and body["current"]["content"] == "first"  # type: ignore[index]


def test_put_replaces_the_whole_document(client: httpx.Client) -> None:
    tag = create(client, extra=1)
    new = {"id": "s1", "kind": "cues", "order": "c", "content": "n"}
    answer = client.put("vtt/s1", json=new, headers={"If-Match": tag})
    assert answer.status_code == 200 and answer.json() == new
    problem(client.put("vtt/s1", json=new, headers={"If-Match": tag}), 412, "stale-tag")
    both = {"If-Match": tag, "If-None-Match": "*"}
    problem(client.put("vtt/s1", json=new, headers=both), 400, "bad-precondition")
    problem(client.put("vtt/s1", json=new, headers={"If-None-Match": tag}), 400, "bad-precondition")


def test_deleted_is_gone_and_comes_back_only_on_purpose(client: httpx.Client) -> None:
    tag = create(client)
    problem(client.delete("vtt/s1", headers={"If-Match": '"1-x"'}), 412, "stale-tag")
    assert client.delete("vtt/s1", headers={"If-Match": tag, "X-VTT-Author": "Ana"}).status_code == 204
    body = problem(client.get("vtt/s1"), 410, "segment-deleted")
    assert body["author"] == "Ana"
    # No resurrection by PATCH, by PUT with the old tag, nor a second DELETE.
    for method in ("PATCH", "PUT", "DELETE"):
        answer = client.request(method, "vtt/s1", json={"order": "a"}, headers={"If-Match": tag})
        problem(answer, 410, "segment-deleted")
    again = create(client)
    assert again != tag and int(again.strip('"').partition("-")[0]) == 3  # the deletion was revision 2
    problem(client.patch("vtt/s1", json={}, headers={"If-Match": tag}), 412, "stale-tag")


def test_what_never_was_is_not_found(client: httpx.Client) -> None:
    problem(client.get("vtt/never"), 404, "no-such-segment")
    problem(client.patch("vtt/never", json={}, headers={"If-Match": '"1-a"'}), 404, "no-such-segment")
    problem(client.get("vtt/never/history"), 404, "no-such-segment")
    root = address(client, "/projects/never-made")
    for path in ("segments", "vtt/a", "changes", "events", "presence", "file", "vtt/a/history"):
        problem(client.get(f"{root}/{path}"), 404, "no-such-project")
    problem(
        client.post(f"{root}/segments", json={"items": [{"id": "a", "order": "a"}]}), 404, "no-such-project"
    )
    problem(
        client.put(f"{root}/vtt/a", json={"order": "a"}, headers={"If-None-Match": "*"}),
        404,
        "no-such-project",
    )
    problem(client.get(address(client, "/nowhere")), 404, "not-found")
    problem(client.post(address(client, "/health")), 405, "method-not-allowed")


def test_an_unchanged_segment_is_not_sent_again(client: httpx.Client) -> None:
    tag = create(client)
    for header in (tag, f"W/{tag}", "*"):
        answer = client.get("vtt/s1", headers={"If-None-Match": header})
        assert answer.status_code == 304 and answer.headers["ETag"] == tag and not answer.content
    assert client.get("vtt/s1", headers={"If-None-Match": '"1-a"'}).status_code == 200


def test_publishing_is_all_or_nothing(client: httpx.Client) -> None:
    items = [{"id": f"c{n}", "order": f"{n:03}", "content": f"{n}\n"} for n in range(1000)]
    made = client.post("segments", json={"items": items})
    assert made.status_code == 201 and made.json()["seq"] == 1000
    assert [item["id"] for item in made.json()["items"]] == [item["id"] for item in items]

    more = [{"id": "new", "order": "z"}, {"id": "c5", "order": "z"}, {"id": "c7", "order": "z"}]
    body = problem(client.post("segments", json={"items": more}), 409, "segments-exist")
    assert body["ids"] == ["c5", "c7"]
    problem(client.get("vtt/new"), 404, "no-such-segment")
    assert client.get("changes?since=1000").json()["seq"] == 1000

    for bad in ({"items": []}, {}, [], {"items": {}}, {"items": items + [{"id": "x", "order": "a"}]}):
        problem(client.post("segments", json=bad), 422, "bad-document")
    twice = {"items": [{"id": "d", "order": "a"}, {"id": "d", "order": "b"}]}
    problem(client.post("segments", json=twice), 422, "bad-document")


def test_pages_hold_every_segment_once_in_file_order(client: httpx.Client) -> None:
    orders = ["b", "a", "B", "ab", "a", "~", "0", "a!"]
    items = [{"id": f"i{n}", "order": order} for n, order in enumerate(orders)]
    client.post("segments", json={"items": items})
    expected = [item["id"] for item in sorted(items, key=lambda item: (item["order"], item["id"]))]
    for limit in (1, 3, 8, 100):
        found, pages = [], 0
        following: str | None = f"{client.base_url.path}segments?limit={limit}"
        while following:
            page = client.get(address(client, following)).json()
            found += [item["id"] for item in page["items"]]
            following, pages = page["next"], pages + 1
            assert page["seq"] == 8 and page["epoch"]
        assert found == expected and pages == -(-8 // limit)
    problem(client.get("segments?after=nonsense"), 400, "bad-parameter")
    problem(client.get("segments?limit=0"), 400, "bad-parameter")


def test_a_listing_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    tag = create(client)
    listing = client.get("segments")
    same = client.get("segments", headers={"If-None-Match": listing.headers["ETag"]})
    assert same.status_code == 304
    client.patch("vtt/s1", json={"content": "x"}, headers={"If-Match": tag})
    assert client.get("segments", headers={"If-None-Match": listing.headers["ETag"]}).status_code == 200


def test_the_file_is_the_pure_concatenation(client: httpx.Client) -> None:
    head = {"id": "z-head", "kind": "head", "order": "zz", "content": "WEBVTT\r\n\r\n", "tail": "NOTE end"}
    cues = [{"id": "b", "order": "b", "content": "two\0\n"}, {"id": "a", "order": "a", "content": "één\n\n"}]
    client.post("segments", json={"items": [head, *cues, {"id": "gone", "order": "ab", "content": "no"}]})
    client.delete("vtt/gone", headers={"If-Match": client.get("vtt/gone").headers["ETag"]})
    answer = client.get("file")
    assert answer.content == "WEBVTT\r\n\r\néén\n\ntwo\0\nNOTE end".encode()
    assert answer.headers["Content-Type"].startswith("text/vtt")


def test_a_project_has_one_head(client: httpx.Client) -> None:
    create(client, "h", kind="head")
    cue = create(client, "c")
    second = {"kind": "head", "order": "a"}
    problem(client.put("vtt/h2", json=second, headers={"If-None-Match": "*"}), 409, "second-head")
    problem(client.post("segments", json={"items": [{"id": "h2", **second}]}), 409, "second-head")
    problem(client.patch("vtt/c", json={"kind": "head"}, headers={"If-Match": cue}), 409, "second-head")
    assert client.get("vtt/c").headers["ETag"] == cue
    assert client.get("vtt/c/history").json()["items"][0]["rev"] == 1


def test_the_head_of_a_project_is_changed_and_never_removed(client: httpx.Client) -> None:
    head = create(client, "h", kind="head", content="WEBVTT")
    match = {"If-Match": head}
    answer = client.delete("vtt/h", headers=match)
    problem(answer, 405, "head-stays")
    assert answer.headers["Allow"] == "GET, PATCH, PUT"
    problem(client.patch("vtt/h", json={"kind": "cues"}, headers=match), 422, "head-stays")
    problem(client.patch("vtt/h", json={"kind": None}, headers=match), 422, "head-stays")
    problem(client.put("vtt/h", json={"order": "a", "content": CUE}, headers=match), 422, "head-stays")
    problem(client.delete("vtt/h", headers={"If-Match": '"1-0"'}), 412, "stale-tag")
    assert client.get("vtt/h").headers["ETag"] == head
    assert client.patch("vtt/h", json={"content": "WEBVTT x"}, headers=match).status_code == 200
    cue = create(client, "c", about={"kind": "head"})  # a field of its own is nobody's business
    assert client.delete("vtt/c", headers={"If-Match": cue}).status_code == 204


def test_a_cue_can_become_the_head_of_a_project_without_one(client: httpx.Client) -> None:
    cue = create(client, "c")
    assert client.patch("vtt/c", json={"kind": "head"}, headers={"If-Match": cue}).status_code == 200


def test_the_history_tells_who_wrote_what(client: httpx.Client) -> None:
    tag = create(client, content="1")
    for author, content in (("Ana", "2"), ("Bo%0A\u0001", "3")):
        headers = {"If-Match": tag, "X-VTT-Author": author.encode()}
        tag = client.patch("vtt/s1", json={"content": content}, headers=headers).headers["ETag"]
    client.delete("vtt/s1", headers={"If-Match": tag})
    create(client, content="5")
    items = client.get("vtt/s1/history").json()["items"]
    assert [item["rev"] for item in items] == [5, 4, 3, 2, 1]
    assert [item["document"] and item["document"]["content"] for item in items] == ["5", None, "3", "2", "1"]
    assert [item["author"] for item in items] == ["", "", "Bo", "Ana", ""]
    assert [item["deleted"] for item in items] == [False, True, False, False, False]
    assert [i["rev"] for i in client.get("vtt/s1/history?before=4&limit=2").json()["items"]] == [3, 2]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Jörg Ñ 字".encode(), "Jörg Ñ 字"),
        (b"J%C3%B6rg", "Jörg"),
        (b"50% off", "50% off"),
        (b"%FF", "\ufffd"),
        (b"a%0D%0Ab%00", "ab"),
        (b"x" * 500, "x" * 128),
    ],
)
def test_an_authors_name_never_stands_in_the_way(client: httpx.Client, sent: bytes, shown: str) -> None:
    tag = create(client)
    saved = client.patch("vtt/s1", json={"content": "x"}, headers={"If-Match": tag, "X-VTT-Author": sent})
    assert saved.status_code == 200
    assert client.get("changes").json()["items"][0]["author"] == shown
    assert httpx.URL("http://x/?" + "q=" + client.get("vtt/s1").headers["X-VTT-Author"]).params["q"] == shown


def test_projects(client: httpx.Client) -> None:
    create(client)
    name = client.base_url.path.rstrip("/").rpartition("/")[2]
    found = {p["id"]: p for p in client.get(address(client, "/projects")).json()["projects"]}[name]
    assert (found["seq"], found["segments"]) == (1, 1)
    itself = address(client, client.base_url.path.rstrip("/"))
    problem(client.put(itself), 428, "tag-required")
    problem(client.put(itself, headers={"If-None-Match": "*"}), 412, "project-exists")
