"""Values that are made by the ten thousand are like all others."""

import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from vtt_desktop.domain.many import quickly, replace


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    at: int = 3
    beside: tuple[str, ...] = field(default_factory=tuple)
    seen: int = field(default=0, compare=False)


made_place = quickly(_Place)


def test_it_is_what_its_class_makes() -> None:
    quick, usual = made_place("a", seen=1), _Place("a")
    assert type(quick) is _Place
    assert quick == usual and hash(quick) == hash(usual) and repr(quick) == repr(_Place("a", seen=1))
    assert dataclasses.replace(quick, at=4) == _Place("a", 4)
    assert made_place("a", 5, ("b",)) == _Place("a", 5, ("b",)) != usual


def test_it_is_guarded_like_all_others() -> None:
    with pytest.raises(FrozenInstanceError):
        made_place("a").at = 4  # type: ignore[misc]  # the guard is what is tested


def test_nothing_may_be_left_out() -> None:
    with pytest.raises(TypeError):
        made_place()  # type: ignore[call-arg]  # so is this


def test_what_is_replaced_in_one_is_all_that_is_other() -> None:
    before = _Place("a", 5, ("b",), seen=7)
    after = replace(before, name="c", seen=8)
    assert type(after) is _Place and before == _Place("a", 5, ("b",))
    assert repr(after) == repr(_Place("c", 5, ("b",), seen=8))
    with pytest.raises(FrozenInstanceError):
        after.at = 4  # type: ignore[misc]  # that it is refused is what is tested
    with pytest.raises(AttributeError):
        replace(before, nothing=1)  # type: ignore[call-arg]  # the same
