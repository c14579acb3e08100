"""Find and replace: the search itself, and the bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.find import FindBar
from vtt_desktop.ui.search import Hit, Query, Search, replace_all
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme

TEXTS = ("The ferry", "a ferryman and a Ferry", "nothing", "no\nferry")


def desk() -> DeskSession:
    return DeskSession(Cue(i, i * 1000, i * 1000 + 500, text) for i, text in enumerate(TEXTS, 1))


def looked(search: Search) -> Search:
    search.look(None, lambda: False)
    assert search.complete
    return search


def every(query: Query, *, backwards: bool = False) -> list[Hit]:
    search = looked(Search(desk().document.snapshot.cues, query))
    found: list[Hit] = []
    at = (1, 0)
    while (hit := search.next(at, backwards=backwards)) is not None and hit not in found:
        found.append(hit)
        at = (hit.cue_id, hit.start if backwards else hit.end)
    assert len(search) == len(found)
    numbers = list(range(1, len(found) + 1))
    assert [search.number(hit) for hit in found] == (numbers[::-1] if backwards else numbers)
    return found


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        (Query("ferry"), [(1, 4), (2, 2), (2, 17), (4, 3)]),
        (Query("Ferry", match_case=True), [(2, 17)]),
        (Query("ferry", whole_words=True), [(1, 4), (2, 17), (4, 3)]),
        (Query(r"^f\w+", regex=True), [(4, 3)]),
        (Query("f.rry"), []),
        (Query("x*", regex=True), []),
    ],
)
def test_what_is_found(query: Query, hits: list[tuple[int, int]]) -> None:
    assert [(hit.cue_id, hit.start) for hit in every(query)] == hits


words = st.text(st.sampled_from("aAbſSsKkİiı \u00e9É<&"), max_size=4)


@given(st.lists(words, min_size=1, max_size=5), words.filter(bool), st.booleans(), st.booleans())
def test_what_is_found_is_what_the_expression_finds(
    texts: list[str], wanted: str, match_case: bool, whole_words: bool
) -> None:
    query = Query(wanted, match_case, whole_words)
    pattern = query.pattern()
    assert pattern is not None
    found = [(i, *m.span()) for i, text in enumerate(texts, 1) for m in pattern.finditer(text)]
    search = looked(Search(CueList.of(Cue(i, 0, 1, text) for i, text in enumerate(texts, 1)), query))
    assert len(search) == len(found)
    at = (1, 0)
    for hit in found:
        seen = search.next(at)
        assert seen is not None
        assert (seen.cue_id, seen.start, seen.end) == hit
        at = (seen.cue_id, seen.end)


def test_a_search_goes_on_from_where_it_began_and_keeps_what_an_edit_did_not_touch() -> None:
    session = DeskSession(some_cues(1000))
    before = session.document.snapshot
    search = Search(before.cues, Query("cue 8"))
    asked = []
    search.look((700, 0), lambda: bool(asked.append(1)) or len(asked) == 2)
    assert not search.complete
    hit = search.next((700, 0), known_only=True)
    assert hit is not None
    assert hit.cue_id == 800
    assert search.next((1, 0), known_only=True) is None
    session.submit(set_text(before, 600, "a CUE 8 that was not there"))
    later = Search(session.document.snapshot.cues, Query("cue 8"), search)
    assert len(later) == len(search) == 100
    assert len(looked(later)) == 1 + sum("cue 8" in c.text for c in before.cues if c.id != 600)


def test_backwards_is_the_same_in_reverse() -> None:
    assert every(Query("ferry"), backwards=True) == every(Query("ferry"))[::-1]


def test_an_expression_does_not_run_on_into_the_next_cue() -> None:
    assert [(h.cue_id, h.start, h.end) for h in every(Query(r"[^x]{9,}", regex=True))] == [
        (1, 0, 9),
        (2, 0, 22),
    ]


def test_a_malformed_expression_is_the_persons_to_mend() -> None:
    with pytest.raises(UserError, match="not a regular expression"):
        Query("(", regex=True).pattern()


def test_replace_all_is_one_undo_step() -> None:
    session = desk()
    session.submit(replace_all(session.document.snapshot, Query("ferry"), "boat"))
    assert [c.text for c in session.document.snapshot.cues] == [
        "The boat",
        "a boatman and a boat",
        "nothing",
        "no\nboat",
    ]
    session.undo()
    assert tuple(c.text for c in session.document.snapshot.cues) == TEXTS


def test_plain_replacement_is_taken_literally_and_a_group_is_not() -> None:
    snapshot = desk().document.snapshot
    plain = replace_all(snapshot, Query("nothing"), r"\1")
    groups = replace_all(snapshot, Query("(no)thing", regex=True), r"\1!")
    assert [c.after.text for c in plain.cue_changes if c.after] == [r"\1"]
    assert [c.after.text for c in groups.cue_changes if c.after] == ["no!"]
    with pytest.raises(UserError):
        replace_all(snapshot, Query("nothing", regex=True), r"\1")


def test_a_replacement_cannot_break_the_file() -> None:
    with pytest.raises(UserError, match="-->"):
        replace_all(desk().document.snapshot, Query("nothing"), "-->")
    emptied = replace_all(desk().document.snapshot, Query("no"), "")
    assert [c.after.text for c in emptied.cue_changes if c.after] == ["thing", "ferry"]


@pytest.fixture
def bar(qtbot: QtBot) -> tuple[DeskSession, Selection, FindBar, list[UserError]]:
    session, selection = desk(), Selection()
    selection.select_one(1)
    errors: list[UserError] = []
    made = FindBar(session, selection, theme(True), errors.append)
    qtbot.addWidget(made)
    made.open(replace=True)
    return session, selection, made, errors


def test_as_typed_and_from_one_to_the_next(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    _session, selection, made, _errors = bar
    QTest.keyClicks(made._box, "ferry")
    assert (made.count_words, selection.current) == ("1 of 4", 1)
    QTest.keyClick(made._box, Qt.Key.Key_Return)
    assert (made.count_words, selection.current) == ("2 of 4", 2)
    QTest.keyClick(made._box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (made.count_words, selection.current) == ("1 of 4", 1)
    made._box.clear()
    QTest.keyClicks(made._box, "zzz")
    assert (made.count_words, selection.current) == ("Not found", 1)


def test_replace_goes_to_the_next_and_does_not_find_what_it_wrote(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    session, selection, made, _errors = bar
    QTest.keyClicks(made._box, "ferry")
    QTest.keyClicks(made._by, "ferry boat")
    made.replace_one()
    assert session.document.snapshot.cues[0].text == "The ferry boat"
    assert selection.current == 2
    made.replace_one()
    assert session.document.snapshot.cues[1].text == "a ferry boatman and a Ferry"
    session.undo()
    assert session.document.snapshot.cues[1].text == TEXTS[1]
    assert session.document.snapshot.cues[0].text == "The ferry boat"


def test_replace_all_says_how_many(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    session, _selection, made, _errors = bar
    QTest.keyClicks(made._box, "ferry")
    QTest.keyClicks(made._by, "-->")
    made.replace_every()
    made._by.setText("boat")
    made.replace_every()
    assert made.count_words == "3 cues changed"
    assert [e.message for e in _errors] == ["A cue's text cannot hold “-->”."]
    assert session.history.labels == ("Replace all",)


def test_tab_goes_from_the_words_to_what_replaces_them(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    made = bar[2]
    QTest.keyClick(made._box, Qt.Key.Key_Tab)
    assert made.window().focusWidget() is made._by


def test_a_malformed_expression_is_marked_and_moves_nothing(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    _session, selection, made, _errors = bar
    made._regex.setChecked(True)
    made._box.setText("fer(")
    assert (made.count_words, made._box.property("invalid"), selection.current) == ("Malformed", True, 1)
    made._box.setText("fer")
    assert (made.count_words, made._box.property("invalid")) == ("1 of 4", False)


def test_escape_closes_and_the_words_are_kept(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]], qtbot: QtBot
) -> None:
    _session, _selection, made, _errors = bar
    QTest.keyClicks(made._box, "ferry")
    with qtbot.waitSignal(made.closed, timeout=1000):
        QTest.keyClick(made._box, Qt.Key.Key_Escape)
    assert made.isHidden()
    assert made.query == Query("ferry")


def test_another_document_is_searched_after_a_change_of_session(
    bar: tuple[DeskSession, Selection, FindBar, list[UserError]],
) -> None:
    _session, selection, made, _errors = bar
    made.set_session(DeskSession(some_cues(9)))
    selection.clear()
    made._box.setText("cue 7")
    assert selection.current == 7
