"""The list of cues against a plain list, whatever is done to both."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import consistent
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_draft import CueDraft
from vtt_desktop.domain.cue_list import CHUNK, CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST


def cue(cue_id: int, start: int = 0, length: int = 10, text: str = "") -> Cue:
    return Cue(cue_id, start, start + length, text)


def inserted(cues: CueList, fresh: Cue, at: int) -> CueList:
    draft = CueDraft(cues)
    draft.insert(fresh, cues[at - 1].id if at else FIRST)
    return draft.done()


def agree(cues: CueList, model: list[Cue]) -> None:
    assert list(cues) == model
    assert cues.ids == [c.id for c in model]
    assert consistent(Snapshot(cues=cues))
    assert cues == CueList.of(model)


@given(st.data(), st.sampled_from([0, 1, 5, CHUNK - 1, CHUNK, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK]))
def test_any_road_of_changes_agrees_with_a_plain_list(data: st.DataObject, count: int) -> None:
    model = [cue(i + 1, i) for i in range(count)]
    cues = CueList.of(model)
    roads: list[tuple[CueList, list[Cue]]] = [(cues, list(model))]
    new_id = count + 1
    for _ in range(data.draw(st.integers(1, 12))):
        what = data.draw(st.sampled_from(["insert", "burst", "remove", "removals", "replace", "change"]))
        at = data.draw(st.integers(0, len(model)))
        if what == "insert" or not model:
            fresh = cue(new_id, data.draw(st.integers(0, 99)))
            cues = inserted(cues, fresh, at)
            model.insert(at, fresh)
            new_id += 1
        elif what == "burst":
            draft = CueDraft(cues)
            follows = model[at - 1].id if at else FIRST
            forward = data.draw(st.booleans())
            for i in range(CHUNK + 3):
                draft.insert(cue(new_id), follows)
                model.insert(at + i * forward, cue(new_id))
                follows = new_id if forward else follows
                new_id += 1
            cues = draft.done()
        elif what == "removals":
            draft = CueDraft(cues)
            for gone in data.draw(st.sampled_from([model[::2], model[::-3], model[:]])):
                draft.remove(gone)
                assert draft.get(gone.id) is None
                model.remove(gone)
            cues = draft.done()
        elif what == "remove":
            gone = model.pop(min(at, len(model) - 1))
            draft = CueDraft(cues)
            draft.remove(gone)
            cues = draft.done()
            assert cues.get(gone.id) is None and not cues.has(gone.id)
            with pytest.raises(KeyError):
                cues.index_of(gone.id)
        else:
            places = data.draw(st.lists(st.integers(0, len(model) - 1), min_size=1, max_size=4, unique=True))
            fresh_cues = {i: model[i].with_(text=f"{what} {new_id}") for i in places}
            if what == "replace":
                cues = cues.replaced({c.id: c for c in fresh_cues.values()})
            else:
                cues = cues.changed((model[i], c) for i, c in fresh_cues.items())
            for i, c in fresh_cues.items():
                model[i] = c
        roads.append((cues, list(model)))
    for version, expected in roads:  # the older ones did not change
        agree(version, expected)


def test_a_change_that_was_made_from_another_cue_is_refused() -> None:
    cues = CueList.of([cue(1), cue(2)])
    for before, after in ((cue(1, 5), cue(1, 6)), (cue(3), cue(3, 1)), (cue(1), cue(2, 1))):
        with pytest.raises(KeyError):
            cues.changed([(before, after)])
    twice = cues.changed([(cue(1), cue(1, 1)), (cue(2), cue(2, 7)), (cue(1, 1), cue(1, 2))])
    assert list(twice) == [cue(1, 2), cue(2, 7)]


def test_an_id_is_taken_once_and_only_what_is_there_can_go() -> None:
    draft = CueDraft(CueList.of([cue(1)]))
    for refused in (
        lambda: draft.insert(cue(1, 5), FIRST),
        lambda: draft.insert(cue(-1), FIRST),
        lambda: draft.remove(cue(1, 5)),
        lambda: draft.remove(cue(2)),
        lambda: draft.change(cue(1, 5), cue(1)),
        lambda: draft.change(cue(1), cue(2)),
    ):
        with pytest.raises(KeyError):
            refused()
    assert list(draft.done()) == [cue(1)]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 50)), max_size=30), st.integers(0, 500))
def test_overlapping_finds_what_a_plain_search_finds(spans: list[tuple[int, int]], start: int) -> None:
    cues = CueList.of(cue(i + 1, at, length) for i, (at, length) in enumerate(spans))
    expected = [c for c in cues if c.start < start + 20 and c.end > start]
    assert list(cues.overlapping(start, start + 20)) == expected


def test_indices_and_slices_are_those_of_a_sequence() -> None:
    model = [cue(i + 1) for i in range(CHUNK + 2)]
    cues = CueList.of(model)
    assert (cues[-1], cues[3:6], cues[::-100]) == (model[-1], tuple(model[3:6]), tuple(model[::-100]))
    assert model[4] in cues and cue(5, 1) not in cues and "x" not in cues
    for index in (len(model), -len(model) - 1):
        with pytest.raises(IndexError):
            cues[index]


def test_a_lazy_list_makes_only_the_cues_that_are_looked_at() -> None:
    made: list[tuple[int, int]] = []

    def load(lo: int, hi: int) -> tuple[Cue, ...]:
        made.append((lo, hi))
        return tuple(cue(i + 1, i) for i in range(lo, hi))

    cues = CueList.lazy(3 * CHUNK + 1, load)
    assert len(cues) == 3 * CHUNK + 1 and not made
    assert cues[CHUNK].id == CHUNK + 1
    assert cues.index_of(2 * CHUNK) == 2 * CHUNK - 1
    assert cues.ids == [i + 1 for i in range(3 * CHUNK + 1)]
    assert made == [(CHUNK, 2 * CHUNK)]
    agree(cues, [cue(i + 1, i) for i in range(3 * CHUNK + 1)])


def test_a_search_by_time_makes_only_the_cues_of_that_time() -> None:
    made: list[int] = []

    def load(lo: int, hi: int) -> tuple[Cue, ...]:
        made.append(lo)
        return tuple(cue(i + 1, 10 * i, 5) for i in range(lo, hi))

    cues = CueList.lazy(3 * CHUNK, load, lambda lo, hi: (10 * lo, 10 * hi - 5))
    at = 10 * (CHUNK + 7)
    assert [c.id for c in cues.overlapping(at, at + 1)] == [CHUNK + 8]
    assert made == [CHUNK]
    edited = cues.changed([(cues[CHUNK], cue(CHUNK + 1, 10 * CHUNK, 99_999))])
    assert edited.chunks[1].span == (
        10 * CHUNK,
        10 * CHUNK + 99_999,
    )  # what was edited is not the loader's any more
    untold = CueList.lazy(CHUNK, load, lambda lo, hi: None)
    assert untold.chunks[0].span == (0, 10 * CHUNK - 5)


def test_two_threads_may_look_at_a_lazy_chunk_at_once() -> None:
    both = threading.Barrier(2, timeout=20)

    def load(lo: int, hi: int) -> tuple[Cue, ...]:
        both.wait()  # each thread is inside before either has made the cues
        return tuple(cue(i + 1) for i in range(lo, hi))

    cues = CueList.lazy(3, load)
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(cues[2].id)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen == [3, 3]


def test_what_did_not_change_is_shared() -> None:
    cues = CueList.of(cue(i + 1) for i in range(4 * CHUNK))
    other = cues.changed([(cue(1), cue(1, 1))])
    assert [a is b for a, b in zip(cues.chunks, other.chunks, strict=True)] == [False, True, True, True]


@pytest.mark.parametrize("ids", [[1, 2, 3], [2, 3, 4], [3, 1, 2], [5, 2, 9], list(range(600, 0, -1))])
def test_cues_are_found_however_they_are_numbered(ids: list[int]) -> None:
    cues = CueList.of(Cue(i, i, i + 1, f"cue {i}") for i in ids)
    assert [cues.index_of(i) for i in ids] == list(range(len(ids)))
    assert not any(cues.has(i) for i in range(700) if i not in ids)
