"""What people did in a simulated world, and the rules of saving, checked the moment each could be broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from tests.properties.sync_backend import Backend, Written, cue_of, text_of
from tests.properties.sync_fields import FieldAccounts
from tests.properties.sync_virtual_time import Broken
from tests.properties.sync_words import WordAccounts, numbers
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.segment import Segment

ANYBODY = "anybody"
"""Whoever it was: what all of them together did."""


class Accounts:
    """Who typed what, who saw what become what, and what the backend accepted of it."""

    def __init__(self, backend: Backend, *, marked: bool = True) -> None:
        self.author: dict[str, str] = {}
        """Who typed each text; every text is typed once."""
        self.acts: Counter[tuple[str, str | None]] = Counter()
        """How often each desk's person made something say a text (None: removed it)."""
        self.decided: set[str] = set()
        """Desks whose person decided a conflict."""
        self._backend = backend
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._ways: defaultdict[str, defaultdict[str | None, set[str | None]]]
        self._ways = defaultdict(lambda: defaultdict(set))
        self._moved: dict[tuple[str, str | None, str | None], str] = {}
        """Where a person put the words that they took from a text, by desk and what became of that text."""
        self._put_aside: set[tuple[str, str | None, str | None]] = set()
        """Texts that a person put aside for a colleague's: nobody decided on words of others in them."""
        self._marked = marked
        """Whether the backend's history has marks, so that every way back can be noticed."""
        self._held: dict[tuple[str, str], tuple[str | None, Body]] = {}
        """The tag and the base that each desk was last seen to hold."""
        self._open: dict[tuple[str, str], str] = {}
        """What waits for a person's decision on the other side, by desk and segment."""
        self._forgetful: set[str] = set()
        self._went_back = False
        self._lost_at = 0
        """How many writes there had been when the backend first went back."""
        self._failures: list[BaseException] = []
        self.untold: set[tuple[str, str]] = set()
        """What the feed lost for which desk: a full check finds it."""
        self.fields = FieldAccounts(backend, self.broken)
        self.words = WordAccounts()

    # What went wrong

    def broken(self, what: str) -> None:
        """Remembered, and raised at the next step: an observer's failure would go another way."""
        self._failures.append(Broken(what))

    def failed(self, error: BaseException) -> None:
        self._failures.append(error)

    def check(self) -> None:
        """Raises what went wrong first."""
        if self._failures:
            raise self._failures[0]

    # What people did

    def typed(self, author: str, length: int = 0, word: str = "") -> str:
        """A text that nobody ever typed, at least so many characters long, with that word at its end."""
        text = f"{author} says {len(self.author) + 1}".ljust(length, "!") + f" {word}".rstrip()
        self.author[text] = author
        return text

    def did(self, name: str, was: str | None, now: str | None) -> None:
        """A person at this desk saw `was` and made it `now`."""
        self._moved.pop((name, was, now), None)
        self._moved.pop((name, now, was), None)  # taken back
        self._ways[name][was].add(now)
        self._ways[ANYBODY][was].add(now)

    def moved(self, name: str, was: str, now: str | None, place: str) -> None:
        """A person at this desk made `was` to `now` (None: removed) and put what it lost into `place`."""
        self._moved[name, was, now] = place

    def crashed(self, name: str, texts: set[str]) -> None:
        """A desk says these texts after a crash: what else had been moved at it was never on disk."""
        self.words.crashed(name, texts)
        lost = [way for way, place in self._moved.items() if way[0] == name and place not in texts]
        for way in lost:
            del self._moved[way]
        self._open = {at: text for at, text in self._open.items() if at[0] != name}

    def began_anew(self, name: str) -> None:
        """A desk knows of nothing any more that it did: what arrives of that is met as another's."""
        self._forgetful.add(name)

    def acted(self, name: str, now: str | None) -> None:
        self.acts[name, now] += 1

    def decides(self, name: str, sides: tuple[Cue | None, ...], choice: Cue | None) -> None:
        """A person at this desk saw all sides of a conflict (mine, theirs, the base) and chose. That is about
        the words of that cue: what had been moved into mine from others is not in theirs."""
        now = choice.text if choice is not None else None
        mine, theirs = (side.text if side is not None else None for side in sides[:2])
        if now == theirs != mine:
            self._put_aside.add((name, mine, now))
        for side in sides:
            self.did(name, side.text if side is not None else None, now)
            self.fields.did(name, side, choice)
        self.acted(name, now)
        self.decided.add(name)

    def lost(self) -> None:
        """The backend went back: what it had accepted may be written once more, and one's own older text may
        be met there."""
        self._accepted.clear()
        if not self._went_back:
            self._lost_at = len(self._backend.writes)
        self._went_back = True

    def settles(self, name: str, here: Mapping[str, Cue | None], mine: bool) -> None:
        """A person at this desk saw what a server that went back has now, and chose one of the two."""
        self.decided.add(name)
        for key in {*here, *self._backend.documents} - {"head"}:
            sides = here.get(key), cue_of(self._backend.documents.get(key, ("", None))[1])
            self.fields.did(name, *(reversed(sides) if mine else sides))
            now, there = (side.text if side is not None else None for side in sides)
            if now == there:
                continue
            if mine:
                self.did(name, there, now)
                self.acted(name, now)
            else:
                self.did(name, now, there)

    def knew(self, name: str, was: str | None, now: str | None) -> bool:
        """Whether a person at this desk went from `was` to `now`, in one step or several."""
        return now in self._became(name, was)

    def _became(self, name: str, was: str | None, *, kept: bool = False) -> set[str | None]:
        """All that a person at this desk made of a text; `kept`: but for what it was put aside for."""
        ways, seen, todo = self._ways[name], {was}, [was]
        while todo:
            now = todo.pop()
            for after in ways.get(now, ()):
                if after not in seen and not (kept and (name, now, after) in self._put_aside):
                    seen.add(after)
                    todo.append(after)
        return seen

    # The rules

    def replaced(self, name: str, was: str, now: str | None) -> None:
        """A text at this desk became another without its person: it had reached the backend (I3), and
        somebody there or at another desk made the other of it (I1)."""
        if self.author.get(was) == name and was not in self._backend.texts:
            self.broken(f"I3 “{was}”, typed at {name} and never sent, became “{now}” unasked")
        elif now is not None and not self.knew(ANYBODY, was, now):
            # Without marks nobody can tell a version that was made from an older copy; and what another
            # saved is not known here to have been saved.
            since = (text_of(write.after) for write in self._backend.writes[self._lost_at :])
            hidden = not self._marked and (self.author.get(was) != name or now in since)
            if not (self._went_back and hidden):
                self.broken(f"I1 “{was}” at {name} became “{now}”, which nobody made of it")

    def wrote(self, write: Written) -> None:
        """The backend accepted a write: its author knew what was there and meant it (I2, I5, I8, I11)."""
        self.fields.wrote(write)
        if write.named != write.version:
            self.broken(f"I2 {write.author} wrote {write.key} as {write.named}; there was {write.version}")
        key, author, was, now = write.key, write.author, text_of(write.before), text_of(write.after)
        if was == now:
            return
        if write.before is not None and not self.knew(author, was, now):
            self.broken(f"I8 {author} wrote “{now}” over “{was}” in {key}, which nobody there had seen")
        place = self._moved.get((author, was, now)) if not self._went_back else None
        safe = place is None or self._became(author, place, kept=True) & {None, *self._backend.texts}
        if not safe and not numbers((was or "",)) <= numbers(self._there()):
            self.broken(f"I1 {author} took words from “{was}”, whose new place “{place}” is not saved")
        if write.removed_by not in ("", author) and author not in self.decided:
            if write.before is None and not self.knew(author, None, now):
                self.broken(f"I11 {author} brought {key} back, which another had removed")
        if now is not None:
            self._accepted[author, now] += 1
            if self._accepted[author, now] > self.acts[author, now]:
                times = self._accepted[author, now]
                self.broken(f"I5 {author} wrote “{now}” {times} times, meant it less")

    def ended(self) -> None:
        """All is well and everybody agrees: what was joined to a cue is somewhere (I1)."""
        texts = self._there()
        lost = self.words.lost(texts)
        if lost and not (self._went_back or self._forgetful):
            self.broken(f"I1 {sorted(lost)}, which had been joined to other cues, are in none of {texts}")

    def _there(self) -> list[str]:
        """What the backend's documents say now."""
        every = (text_of(document) for _, document in self._backend.documents.values())
        return [text for text in every if text is not None]

    def open(self, name: str, key: str, one: Segment | None) -> None:
        """A conflict is not forgotten while what it is about is on the backend (I8, I11)."""
        was = self._open.pop((name, key), None)
        if one is not None and one.theirs is not None:
            if one.theirs.body is not None and one.theirs.body.cues:
                self._open[name, key] = one.theirs.body.cues[0].text
            return
        if was is None or was != text_of(self._backend.documents.get(key, ("", None))[1]):
            return
        known = [side.cues[0].text for side in (one.base, one.mine) if side and side.cues] if one else []
        if was not in known and not (one is not None and (one.due or one.out)):  # else a read tells it anew
            self.broken(f"I11 {name} forgot the conflict over “{was}” in {key}")

    def holds(self, name: str, one: Segment, codec: Codec) -> None:
        """A desk's base is exactly a state that the backend once had (I9): under its tag, or, of one that may
        only be read since no tag came with it, under any."""
        seen = self._held.get((name, one.key))
        if one.base is None or (seen is not None and seen[0] == one.etag and seen[1] is one.base):
            return
        self._held[name, one.key] = one.etag, one.base
        ever, ours = self._backend.ever, codec.document(one.base, None)
        tags = (
            [plain(one.etag)] if one.etag else [tag for key, tag in ever if key == one.key and one.read_only]
        )
        had = [document for tag in tags if (document := ever.get((one.key, tag))) is not None]
        if not any((it["content"], it["order"]) == (ours["content"], ours["order"]) for it in had):
            self.broken(f"I9 {name} holds {ours} of {one.key} as {one.etag}; there it was {had}")

    def passed(self, name: str, seq: int, known: Mapping[str, Segment]) -> None:
        """A desk's position in the feed passes only what it knows of, or will look at (I12)."""
        if self._went_back:
            return
        removed = {key for key, tag in self._backend.log if tag is None}
        told = dict(self._backend.log[:seq])
        for key, tag in told.items():
            one = known.get(key)
            if one is None:
                missed = tag is not None and key not in removed
            else:
                held = [one.etag, one.theirs.etag if one.theirs is not None else None, *one.past]
                waits = one.due or one.out or one.seen is not None or one.theirs is not None or one.read_only
                missed = not waits and tag is not None and max(map(number, held)) < number(tag)
            if missed and (name, key) not in self.untold:
                self.broken(f"I12 {name} is at {seq} and knows nothing of {key} as {tag}")

    def disputed(self, name: str, key: str, conflict: Conflict) -> None:
        """Somebody else did something: one's own lost answers open no conflict (I7)."""
        if self._went_back or name in self._forgetful:
            return
        if conflict.kind is ConflictKind.EDIT and conflict.theirs is not None and conflict.mine is not None:
            theirs = conflict.theirs.text
            another = any(who != name for who, text in self.acts if text == theirs)
            if any(one.field == "text" for one in conflict.fields) and not another:
                if self.author.get(theirs) == name:
                    self.broken(f"I7 {name} is in conflict with its own “{theirs}”")
        if conflict.kind is ConflictKind.REMOVED_THERE:
            if self._backend.gone.get(key, "somebody else") == name:
                self.broken(f"I7 {name} is in conflict with its own removal of {key}")


def number(tag: str | None) -> int:
    """How late a tag was given; the backend counts."""
    return int(plain(tag).strip('"')) if tag else 0


def plain(tag: str) -> str:
    """A tag as the backend gave it, before a proxy rewrote it."""
    return tag.removeprefix("W/").replace('-gzip"', '"')
