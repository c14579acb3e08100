"""Documents on the wire: what of them is ours, what is sent, and that the rest survives."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.sync.segments import CODEC, body, cue
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import PAYLOAD_MS, Codec
from vtt_desktop.sync.profile import Content, FieldAt

PLAIN = Codec(Content(), WebVTTSegmentText())
FIELDS = {
    "text": FieldAt("/data/text"),
    "start": FieldAt("/data/from", "s"),
    "end": FieldAt("/data/to", "timestamp"),
    "identifier": FieldAt("/name"),
}
BY_FIELDS = Codec(Content("fields", fields=FIELDS), WebVTTSegmentText())


def read(codec: Codec, document: Any, *known: Cue, place: int = 0) -> Body:
    ids = count(100)
    return codec.read(document, known, lambda: next(ids), place)


@pytest.mark.parametrize(
    "content",
    [
        "00:01.000 --> 00:02.000\nwords",
        "1\r\n00:00:01.000 --> 00:00:02.000  line:0\r\nwords\r\n\r\n",
        "\n\nNOTE about it\n\n00:01.000 --> 00:02.000\nwords\n\n00:03.000 --> 00:04.000\nmore\n\nNOTE end\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nwords\n",
        "﻿WEBVTT - title\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\nwords",
        "just words\non two lines",
        "just words\r\n",
        "",
    ],
)
def test_content_comes_back_as_it_was(content: str) -> None:
    found = read(PLAIN, {"content": content})
    again = PLAIN.make(found.cues, None, "", found.frame)
    assert again == found
    assert PLAIN.document(again, None) == {"content": content}


def test_an_edit_touches_its_own_bytes_only() -> None:
    content = "WEBVTT\n\nid \n00:01.000 -->  00:02.000 line:0\nwords\n\n00:03.000 --> 00:04.000\nmore\n"
    found = read(PLAIN, {"content": content})
    cues = (found.cues[0].with_(text="other"), *found.cues[1:])
    edited = PLAIN.make(cues, None, "", found.frame)
    assert PLAIN.document(edited, found) == {"content": content.replace("words", "other")}


def test_a_bare_payload_has_times_by_its_place_and_keeps_ours() -> None:
    """A colleague's edit of the text must not move the cue."""
    third = read(PLAIN, {"content": "words"}, place=2).cues[0]
    assert (third.start, third.end) == (2 * PAYLOAD_MS, 3 * PAYLOAD_MS)
    again = read(PLAIN, {"content": "words, better"}, third, place=0).cues[0]
    assert (again.id, again.start, again.end, again.text) == (
        third.id,
        third.start,
        third.end,
        "words, better",
    )


def test_fields_with_their_units() -> None:
    document = {"data": {"text": "words", "from": 1.5, "to": "00:00:02.250"}, "name": "a", "theirs": 1}
    found = read(BY_FIELDS, document)
    assert [(c.start, c.end, c.text, c.identifier) for c in found.cues] == [(1500, 2250, "words", "a")]
    edited = BY_FIELDS.make((found.cues[0].with_(end=3000, text="other"),), None, "", found.frame)
    assert BY_FIELDS.document(edited, found) == {"data": {"text": "other", "to": "00:00:03.000"}}
    assert BY_FIELDS.merged(document, edited) == {
        "data": {"text": "other", "from": 1.5, "to": "00:00:03.000"},
        "name": "a",
        "theirs": 1,
    }


def test_unknown_places_survive_a_whole_document() -> None:
    """I16."""
    document = {"content": "00:01.000 --> 00:02.000\nwords", "owner": {"id": 7}, "tags": ["a"]}
    found = read(PLAIN, document)
    edited = PLAIN.make((found.cues[0].with_(text="other"),), None, "", found.frame)
    whole = PLAIN.merged(document, edited)
    assert whole == {**document, "content": "00:01.000 --> 00:02.000\nother"}
    assert document["content"].endswith("words")


def test_only_what_changed_is_sent() -> None:
    base = body("words", order="a")
    assert CODEC.document(body("words", order="b"), base) == {"order": "b"}
    assert set(CODEC.document(body("other", order="a"), base)) == {"content"}
    assert CODEC.document(base, base) == {}
    assert CODEC.document(base, None)["kind"] == "cues"


def test_a_head_and_its_tail() -> None:
    document = {"content": "WEBVTT - title", "tail": "\n\nNOTE end\n", "kind": "head", "order": "0"}
    found = read(CODEC, document)
    assert found.head == Head(b"WEBVTT - title", b"\n\nNOTE end\n") and found.cues == ()
    assert CODEC.document(found, None) == document


@pytest.mark.parametrize(
    ("codec", "document"),
    [
        (PLAIN, {}),
        (PLAIN, {"content": None}),
        (PLAIN, {"content": 7}),
        (PLAIN, {"content": "\ud800"}),
        (BY_FIELDS, {"data": {"text": "words", "from": "soon", "to": "00:00:02.250"}}),
        (BY_FIELDS, {"data": {"text": "words", "from": True, "to": "00:00:02.250"}}),
        (BY_FIELDS, {"data": {"text": "words", "from": -1, "to": "00:00:02.250"}}),
        (BY_FIELDS, {"data": {"text": "words", "from": 1, "to": 2}}),
    ],
)
def test_what_is_not_as_the_profile_says_is_said(codec: Codec, document: Any) -> None:
    with pytest.raises(UserError):
        read(codec, document)


def test_two_cues_do_not_fit_where_there_is_room_for_one() -> None:
    with pytest.raises(UserError, match="one cue"):
        BY_FIELDS.make((cue("a", id=1), cue("b", id=2)), None, "", body("a").frame)
