"""Sort keys: always room before, behind and between, and never the one that is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.sync.order_key import DIGITS, HEAD, between, spread

KEYS = st.text(DIGITS, min_size=1, max_size=8).map(lambda key: key + "V")


@given(KEYS, KEYS)
def test_between_two_there_is_one(one: str, two: str) -> None:
    low, high = sorted((one, two))
    key = between(low, high)
    assert key > low
    if low < high:
        assert key < high
    assert not key.endswith(DIGITS[0])


@given(KEYS)
def test_before_the_first_and_behind_the_last(key: str) -> None:
    assert HEAD < between("", key) and (between("", key) < key or key <= HEAD)
    assert between(key, None) > key


@given(st.lists(st.integers(0, 10**6), max_size=120))
def test_any_order_of_inserts_stays_sorted(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        low = keys[at - 1] if at else ""
        high = keys[at] if at < len(keys) else None
        keys.insert(at, between(low, high))
    assert keys == sorted(set(keys))


def test_always_at_the_end_stays_short() -> None:
    key = ""
    for _ in range(1000):
        key = between(key, None)
    assert len(key) < 25


@pytest.mark.parametrize("count", [0, 1, 2, 61, 1000, 100_000])
def test_spread_is_sorted_with_room_everywhere(count: int) -> None:
    keys = spread(count)
    assert len(keys) == count == len(set(keys)) and keys == sorted(keys)
    assert all(HEAD < key and not key.endswith(DIGITS[0]) for key in keys)
    for low, high in list(zip(keys, keys[1:], strict=False))[:50]:
        assert low < between(low, high) < high


def test_a_key_of_anothers_making_leaves_room_too() -> None:
    assert between("not-of-ours", "not-of-ours") > "not-of-ours"
