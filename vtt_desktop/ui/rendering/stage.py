"""The cues that show, laid out on the reference picture (WebVTT 7.1, "rules for updating the display").

What stands keeps its place while others come and go; nothing is laid out twice for the same words. The
cost is that of the cues that show, whatever the length of the document.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.ui.rendering import boxes as geometry
from vtt_desktop.ui.rendering.boxes import Box, bounding
from vtt_desktop.ui.rendering.css import Rule, parse_styles
from vtt_desktop.ui.rendering.flow import Flow, flow, moments, region_style
from vtt_desktop.ui.rendering.ports import CueReader, Node, Region, Settings
from vtt_desktop.ui.rendering.shaping import Line, lay_out
from vtt_desktop.ui.rendering.style import REFERENCE_HEIGHT, Style

_KEPT = 64  # cues laid out: a page of them, for going back and forth
_LONGEST = 10_000  # characters of a cue that are laid out: more fill no picture and take seconds


@dataclass(frozen=True, slots=True)
class Shown:
    """A cue in its place; `box` is around its lines, and `whole` is what others keep off. `region` is the
    identifier of the one it stands in. `crowded`: players leave it out, for there is no room for `whole`
    (WebVTT 7.2 step 10, "switch direction"; so does Chromium with a plain cue beside a vertical one)."""

    cue: Cue
    settings: Settings
    lines: Sequence[Line]
    boxes: Sequence[Box]
    whole: Box
    region: str | None = None
    crowded: bool = False

    @property
    def box(self) -> Box:
        return bounding(self.boxes)


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """A region with what it holds now. `box` is what is seen of it, `cues` may begin above and are cut."""

    region: Region
    style: Style
    box: Box
    cues: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is on the picture: the regions, then the cues outside of them, in the order of painting."""

    picture: Box
    regions: tuple[ShownRegion, ...] = ()
    cues: tuple[Shown, ...] = ()

    @property
    def all_cues(self) -> tuple[Shown, ...]:
        return (*(cue for region in self.regions for cue in region.cues), *self.cues)

    def find(self, cue_id: int | None) -> Shown | None:
        return next((shown for shown in self.all_cues if shown.cue.id == cue_id), None)

    def at(self, x: float, y: float) -> Shown | None:
        """The uppermost cue at a point of the picture."""
        for shown in reversed(self.all_cues):
            box = shown.box
            if box.left <= x < box.right and box.top <= y < box.bottom:
                return shown
        for region in reversed(self.regions):  # its bar is as wide as it is, and a hand takes it for the cue
            if not (region.box.left <= x < region.box.right and region.box.top <= y < region.box.bottom):
                continue
            for shown in reversed(region.cues):
                if shown.box.top <= y < shown.box.bottom:
                    return shown
        return None


class Stage:
    """Lays cues out. `set_head` gives it regions and styles, `show` a frame."""

    def __init__(self, reader: CueReader) -> None:
        self._reader = reader
        self._head = Head()
        self._setup = reader.setup(self._head)
        self._rules: tuple[Rule, ...] = ()
        self._lines: OrderedDict[tuple[object, ...], tuple[Line, ...]] = OrderedDict()
        self._trees: OrderedDict[str, tuple[Sequence[Node], tuple[int, ...]]] = OrderedDict()
        self._key: tuple[object, ...] = ()
        self._frame = Frame(Box(0, 0, 0, 0))

    @property
    def head(self) -> Head:
        return self._head

    def set_head(self, head: Head) -> bool:
        """Takes over the regions and styles of a document's head; whether anything changed."""
        if head == self._head:
            return False
        self._head = head
        setup = self._reader.setup(head)
        rules = parse_styles(setup.styles)
        if rules == self._rules and (tuple(setup.regions), setup.foreign) == (
            tuple(self._setup.regions),
            self._setup.foreign,
        ):
            return False
        self._setup, self._rules = setup, rules
        self._lines.clear()
        self._trees.clear()
        self._key = ()
        self._frame = Frame(self._frame.picture)
        return True

    def show(self, cues: Sequence[Cue], now: int, ratio: float) -> Frame:
        """`cues` at `now` ms on a picture that is `ratio` times as wide as high. What did not change is
        not laid out again: the same frame comes back."""
        # HTML, "text track cue order": by in-time, of those the longest first, else as in the file.
        cues = sorted(cues, key=lambda cue: (cue.start, -cue.end))
        phases = tuple(self._phase(cue, now) for cue in cues)
        key = (tuple(cues), phases, ratio)
        if key != self._key:
            picture = Box(0, 0, REFERENCE_HEIGHT * ratio, REFERENCE_HEIGHT)
            self._frame = self._laid_out(cues, phases, now, picture)
            self._key = key
        return self._frame

    def _phase(self, cue: Cue, now: int) -> tuple[int, ...]:
        """How the timestamps of the text stand to `now`: `:past` and `:future` change with it alone."""
        return tuple((time > now) - (time < now) for time in self._tree(cue.text)[1])

    def _tree(self, text: str) -> tuple[Sequence[Node], tuple[int, ...]]:
        found = self._trees.get(text)
        if found is None:
            nodes = self._reader.tree(text[:_LONGEST], foreign=self._setup.foreign)
            found = self._trees[text] = nodes, tuple(moments(nodes))
            while len(self._trees) > _KEPT:
                self._trees.popitem(last=False)
        return found

    def _laid_out(
        self, cues: Sequence[Cue], phases: Sequence[tuple[int, ...]], now: int, picture: Box
    ) -> Frame:
        settings = [self._reader.settings(cue.settings) for cue in cues]
        regions = self._regions(cues, settings, phases, now, picture)
        in_regions = {shown.cue.id for region in regions for shown in region.cues}
        output = [region.box for region in regions]
        kept = self._standing(cues, picture)
        output += [shown.whole for shown in kept.values()]
        placed: list[Shown] = []
        crowded: list[tuple[Cue, Settings, tuple[Line, ...]]] = []
        for cue, said, phase in zip(cues, settings, phases, strict=True):
            if cue.id in in_regions or self._region_of(said) is not None:
                continue
            lines = self._broken(cue, said, phase, now, picture)
            standing = kept.get(cue.id)
            if standing is not None and len(standing.lines) == len(lines):
                placed.append(replace(standing, lines=lines))
                continue
            where = geometry.place(said, lines, picture, output)
            if where:
                placed.append(Shown(cue, said, lines, where.lines, where.whole))
                output.append(where.whole)
            elif lines:
                crowded.append((cue, said, lines))
        for cue, said, lines in crowded:  # they push nothing away: players do not have them
            words = [*(region.box for region in regions), *(shown.box for shown in placed)]
            found = geometry.squeeze(said, lines, picture, words)
            placed.append(Shown(cue, said, lines, found, bounding(found), crowded=True))
        return Frame(picture, regions, tuple(placed))

    def _standing(self, cues: Sequence[Cue], picture: Box) -> dict[int, Shown]:
        """WebVTT 7.1: a cue that goes on showing keeps its boxes. All are placed anew where one changed."""
        before = {shown.cue.id: shown for shown in self._frame.cues}
        if self._frame.picture != picture or any(
            cue.id in before and before[cue.id].cue != cue for cue in cues
        ):
            return {}
        return {cue.id: before[cue.id] for cue in cues if cue.id in before and not before[cue.id].crowded}

    def _region_of(self, settings: Settings) -> Region | None:
        """The last one with that identifier (WebVTT 6.3)."""
        if settings.region is None:
            return None
        return next((r for r in reversed(self._setup.regions) if r.id == settings.region), None)

    def _regions(
        self,
        cues: Sequence[Cue],
        settings: Sequence[Settings],
        phases: Sequence[tuple[int, ...]],
        now: int,
        picture: Box,
    ) -> tuple[ShownRegion, ...]:
        made: list[ShownRegion] = []
        for region in self._setup.regions:
            members = [
                (cue, said, phase)
                for cue, said, phase in zip(cues, settings, phases, strict=True)
                if said.region == region.id and self._region_of(said) is region
            ]
            if members:
                shown = self._filled(region, members, now, picture)
                if shown is not None:
                    made.append(shown)
        return tuple(made)

    def _filled(
        self,
        region: Region,
        members: Sequence[tuple[Cue, Settings, tuple[int, ...]]],
        now: int,
        picture: Box,
    ) -> ShownRegion | None:
        """WebVTT 7.1: the cues of a region one below the other, against its lower edge."""
        whole = geometry.region_box(region, picture)
        style = region_style(self._rules, region.id)
        stacks: list[tuple[Cue, Settings, tuple[Line, ...], list[Box]]] = []
        down = 0.0
        for cue, said, phase in members:
            lines = self._broken(cue, said, phase, now, picture, style, whole.width)
            if not lines:
                continue
            offset = geometry.region_offset(said, region, lines[0].rtl)
            start = whole.left + whole.width * offset / 100
            stacks.append(
                (cue, said, lines, geometry.stacked(lines, said.align, start, whole.width, across=down))
            )
            down += sum(line.height for line in lines)
        if not stacks:
            return None
        high = min(down, whole.height)
        box = Box(whole.left, whole.bottom - high, whole.width, high)
        shift = box.bottom - down
        shown = tuple(
            Shown(cue, said, lines, [one.moved(0, shift) for one in where], box, region.id)
            for cue, said, lines, where in stacks
        )
        return ShownRegion(region, style, box, shown)

    def _broken(
        self,
        cue: Cue,
        settings: Settings,
        phase: tuple[int, ...],
        now: int,
        picture: Box,
        base: Style | None = None,
        region_width: float | None = None,
    ) -> tuple[Line, ...]:
        whole = picture.height if settings.vertical else picture.width
        key = (cue.text, cue.identifier, phase, bool(settings.vertical), whole, base, region_width, settings)
        found = self._lines.get(key)
        if found is None:
            styled = self._flow(cue, now, base)
            if region_width is not None:
                room = region_width
            else:
                rtl = bool(styled.paragraphs) and styled.paragraphs[0].rtl
                room = whole * geometry.cue_size(settings, rtl) / 100
            found = self._lines[key] = (
                tuple(lay_out(styled, room, vertical=bool(settings.vertical))) if room > 0 else ()
            )
            while len(self._lines) > _KEPT:
                self._lines.popitem(last=False)
        else:
            self._lines.move_to_end(key)
        return found

    def _flow(self, cue: Cue, now: int, base: Style | None) -> Flow:
        rules = self._rules
        if self._setup.foreign:  # it has no style sheet of its own
            rules = parse_styles((self._reader.colours(cue.text[:_LONGEST]),))
        return flow(self._tree(cue.text)[0], rules, cue.identifier, now, base)
