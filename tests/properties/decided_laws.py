"""What has to hold of every decision on a conflict, whoever edited and chose what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.sync.body import Conflict

Cues = Mapping[int, Cue | None]
"""Cues by id; None: removed."""
Words = Counter[str]
FEW = 3
"""Fewer words do not tell where they went."""


def words_of(texts: Iterable[str]) -> Words:
    """How often each word is said: without signs and tags."""
    every = (token for text in texts for token in tokens(text))
    return Counter(one for one in every if any(map(str.isalnum, one)) and not one.startswith("<"))


def seen(cue: Cue | None) -> object:
    """All of a cue that a person sees, and the comments before it."""
    return cue and (cue.start, cue.end, cue.text, cue.identifier, cue.settings, cue.lead.strip())


def said(cues: Cues) -> Words:
    return words_of(cue.text for cue in cues.values() if cue is not None)


def noted(cues: Cues) -> Counter[bytes]:
    """The comments before them, line by line."""
    leads = (cue.lead for cue in cues.values() if cue is not None)
    return Counter(line for lead in leads for line in lead.splitlines() if line)


@dataclass(frozen=True)
class Decision:
    """A person's choice that ended the last conflict of a segment."""

    conflict: Conflict
    choice: Cue | None
    together: tuple[Conflict, ...]
    """All conflicts of the segment, this one too."""
    at_first: Cues
    """Before anybody edited anything."""
    before: Cues
    """What the desk showed, with what others did to the segment merged where nobody is asked."""
    told: Cues
    """What the desk would show, as the person was told."""
    after: Cues

    def broken(self) -> Iterator[str]:
        """Laws that it breaks, in words."""
        for i in {*self.told, *self.after}:
            if seen(self.told.get(i)) != seen(self.after.get(i)):
                told, became = seen(self.told.get(i)), seen(self.after.get(i))
                yield f"what was told of cue {i} is not what became of it: {told}, {became}"
        yield from self._not_chosen()
        asked = {one.id for one in self.together}
        others = {i: cue for i, cue in self.before.items() if i not in asked}
        for i, was in others.items():
            if was is not None:
                yield from self._of_another(was, self.after.get(i))
        if lost := noted(others) - noted(self.after) - sum(map(noted, _sides(self.together)), Counter()):
            yield f"comments before other cues are nowhere: {lost}"

    def _not_chosen(self) -> Iterator[str]:
        """It says what was chosen; less only where others say the rest, or were decided without it."""
        now = self.after.get(self.conflict.id)
        if now is None or self.choice is None:
            return
        less = _words(self.choice) - _words(now)
        others = {i: cue for i, cue in self.after.items() if i != self.conflict.id}
        decided = sum(map(said, _sides(one for one in self.together if one != self.conflict)), Words())
        if _words(now) - _words(self.choice) or less - said(others) - decided:
            yield f"{self.choice.text!r} was chosen and {now.text!r} came"

    def _of_another(self, was: Cue, now: Cue | None) -> Iterator[str]:
        """A cue that the decision is not about. It may lose words that the decision is about: where several
        cues say the same one, which of them got it is not to be told."""
        if now is not None and (was.settings, was.identifier) != (now.settings, now.identifier):
            yield f"settings or identifier of another cue: {seen(was)}, {seen(now)}"
        about = sum(map(said, _sides(self.together)), Words())
        lost = _words(was) - _words(now)
        untouched = seen(self.at_first.get(was.id)) == seen(was)
        if untouched and seen(was) != seen(now) and not (lost and lost.keys() <= about.keys()):
            yield f"nobody had touched it: {seen(was)}, {seen(now)}"
        left = " ".join(said(self.after))  # a word that was cut in two is in the whole one
        if gone := [word for word in lost if word not in about and word not in left]:
            yield f"words of another cue that the decision is not about: {gone} of {seen(was)}, {seen(now)}"


def _sides(conflicts: Iterable[Conflict]) -> list[Cues]:
    return [dict(enumerate((one.base, one.mine, one.theirs))) for one in conflicts]


@dataclass(frozen=True)
class Choice:
    """What a decision means for words: whose text was taken (“”: nobody's alone), and what was shown."""

    cue: int
    """Which it was about."""
    here: str
    there: str
    """Who made the sides; “” where that may have been several."""
    whose: str
    sides: tuple[Words, ...]
    """What the base, the side here and the side there said."""
    taken: Words
    open: Words
    """What had been said where nothing is put back then: what waits for a decision, or was written."""

    @classmethod
    def of(cls, conflict: Conflict, choice: Cue | None, here: str, there: str, open_: Words) -> Choice:
        sides = tuple(map(_words, (conflict.base, conflict.mine, conflict.theirs)))
        taken = _words(choice)
        _, mine, theirs = sides
        whose = "" if mine == theirs else here if taken == mine else there if taken == theirs else ""
        return cls(conflict.id, here, there, whose, sides, taken, open_)

    def drops(self, word: str) -> bool:
        """Whether the person saw the word there, and chose what has it not."""
        return any(side[word] for side in self.sides) and not self.taken[word]

    def alone(self, word: str) -> bool:
        """Whether that is enough for it to go: it was there on both sides, or something else was typed over
        the very cue that had said it, or where it came from waits for a decision, too; or both had taken it
        away from there, which looks as if one had."""
        base, *both = self.sides
        typed_over = self.taken not in both and base[word]
        if not (base or self.taken):
            return True  # a new cue is decided to go, with its words
        return len({bool(side[word]) for side in both}) == 1 or bool(typed_over or self.open[word])


def _words(cue: Cue | None) -> Words:
    return words_of([cue.text] if cue is not None else ())


def nowhere(
    at_first: Cues, left_by: Mapping[str, Words], choices: Iterable[Choice], shown: Mapping[str, Cues]
) -> Iterator[str]:
    """Words that are nowhere in the end, and nobody wanted that: neither took one of the people the word away
    for whom it was decided, nor was it dropped on the very cue that said it; and one that people only moved
    had to be dropped by two decisions for different people, on the cues that it came from and went to.
    Where all cues stand at one time it is not to be told that what was typed over had been joined. `left_by`:
    what each person's desk said before it heard of the others; `shown`: what it shows in the end."""
    at_once = len({cue.start for cue in at_first.values() if cue is not None}) == 1
    choices, first, last = tuple(choices), said(at_first), said(next(iter(shown.values())))
    for word in {*first, *(word for words in left_by.values() for word in words)} - {*last}:
        dropped = [one for one in choices if one.drops(word)]
        took = {name for name, words in left_by.items() if words[word] < first[word]}
        if not first[word]:
            # A part of a word that was cut in two is in the whole one.
            wanted = not dropped and not any(word in whole for whole in first.keys() & last.keys())
        elif took:
            # Somebody took it away: on purpose, unless what they made of the cue that had said it was decided
            # against, and all for one other.
            its = [one for one in choices if _words(at_first.get(one.cue))[word]]
            against = {name for one in its for name in (one.here, one.there) if name != one.whose}
            whose = {one.whose for one in dropped}
            kept = took <= against and len(whose) == 1 and whose.isdisjoint({"", *took})
            wanted = kept and not _is_in_two(word, last)
        else:
            decided = len({one.whose or i for i, one in enumerate(dropped)}) > 1
            alone = any(one.alone(word) for one in dropped) or (dropped and at_once)
            wanted = not (
                decided
                or alone
                or any(_is_not_to_be_told(word, at_first, shown[one.here], left_by) for one in dropped)
            )
        if wanted:
            yield f"nobody chose that {word!r} is nowhere"


def _is_in_two(word: str, last: Words) -> bool:
    """Whether a word was cut in two, and both halves are there."""
    return any(last[word[:at]] and last[word[at:]] for at in range(1, len(word)))


def _is_not_to_be_told(word: str, at_first: Cues, final: Cues, left_by: Mapping[str, Words]) -> bool:
    """Whether there is no place that a word came from any more: the cues that said it are gone, and what else
    they said is elsewhere, or was removed; or they said so little that nothing tells where it went."""
    for cue in at_first.values():
        words = _words(cue)
        if cue is None or not words[word]:
            continue
        others = [other for other in words if other != word]
        removed = any(not left[other] for other in others for left in left_by.values())
        short = words.total() < FEW
        if cue.id in final or not (short or removed or any(said(final)[other] for other in others)):
            return False
    return True
