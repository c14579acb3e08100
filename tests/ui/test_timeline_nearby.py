"""Cues by time: the same as looking at all of them, and on a long document without looking at all of them."""

from hypothesis import assume, given
from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.ui.timeline.nearby import CuesInTime


@given(
    st.lists(st.tuples(st.integers(0, 900_000), st.integers(1, 4000)), max_size=600),
    st.integers(0, 900_000),
    st.integers(1, 60_000),
)
def test_of_a_document_in_order_all_cues_are_found(
    spans: list[tuple[int, int]], start: int, long: int
) -> None:
    cues = CueList.of(Cue(i, a, a + d, "") for i, (a, d) in enumerate(sorted(spans), 1))
    crowded = max((sum(a <= b < a + 4000 for b, _ in spans) for a, _ in spans), default=0)
    assume(crowded < 32)
    found = CuesInTime().between(cues, start, start + long)
    assert found == list(cues.overlapping(start, start + long))


class Loader:
    def __init__(self) -> None:
        self.loaded = 0

    def __call__(self, first: int, last: int) -> tuple[Cue, ...]:
        self.loaded += last - first
        return tuple(Cue(i + 1, i * 3000, i * 3000 + 2000, f"Cue {i + 1}") for i in range(first, last))

    def raw(self, first: int, last: int) -> memoryview:
        raise AssertionError("nobody writes here")


def long_document() -> tuple[Loader, Document]:
    loader = Loader()
    return loader, Document(Snapshot(cues=CueList.lazy(100_000, loader)))


def test_of_a_long_document_only_a_few_are_looked_at() -> None:
    loader, document = long_document()
    found = CuesInTime().between(document.snapshot.cues, 150_000_000, 150_030_000)
    assert [cue.id for cue in found] == list(range(50_001, 50_011))
    assert loader.loaded < 10_000


def test_a_cue_moved_out_of_order_is_found_where_it_is_now() -> None:
    _, document = long_document()
    in_time = CuesInTime()
    in_time.follow(document.apply(set_times(document.snapshot, 7, 150_000_500, 150_001_000)))
    cues = document.snapshot.cues
    assert 7 in [cue.id for cue in in_time.between(cues, 150_000_000, 150_030_000)]
    assert 7 not in [cue.id for cue in in_time.between(cues, 0, 60_000)]


def test_after_an_edit_of_very_many_nothing_is_guessed() -> None:
    _, document = long_document()
    in_time = CuesInTime()
    in_time.follow(document.apply(shift(document.snapshot, range(90_000, 92_000), -200_000_000)))
    found = in_time.between(document.snapshot.cues, 70_000_000, 70_001_000)
    assert found == list(document.snapshot.cues.overlapping(70_000_000, 70_001_000))
    assert any(cue.id > 90_000 for cue in found)


def test_a_document_out_of_order_is_exact_once_all_is_looked_at() -> None:
    cues = CueList.of(Cue(i, (500 - i) * 1000, (500 - i) * 1000 + 900, "") for i in range(1, 500))
    in_time = CuesInTime()
    in_time.exact = True
    assert [cue.id for cue in in_time.between(cues, 100_000, 101_000)] == [400]
