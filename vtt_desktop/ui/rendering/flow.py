"""A cue's tree, styled and cut into paragraphs of runs: white space folded, ruby set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import bidirectional

from vtt_desktop.ui.rendering.colours import CLASSES, CLEAR, CUE_BOX
from vtt_desktop.ui.rendering.css import Rule
from vtt_desktop.ui.rendering.ports import Node
from vtt_desktop.ui.rendering.properties import OF_BOXES, declared
from vtt_desktop.ui.rendering.selectors import Element
from vtt_desktop.ui.rendering.style import NO_OUTLINE, Style

_UNBROKEN = ("pre", "nowrap")
_RUBY_SHARE = 0.5
"""Of the size of what it stands over (HTML, 15.3.6: `rt { font-size: 50% }`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ruby:
    """What stands over (or under) a stretch of runs, all of which have this very object. `style` is that of
    the annotation, its background behind all of `runs`."""

    runs: tuple[Run, ...]
    style: Style

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. `around` are the styles of the elements around it that paint something behind it,
    outermost first."""

    text: str
    style: Style
    around: tuple[Style, ...] = ()
    ruby: Ruby | None = None
    wide: float = 0.0
    """For a space of this width instead of the text's own."""
    combined: str = ""
    """What stands across a vertical line in the place of `text`, on its width."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between two line ends; it has a direction of its own (`unicode-bidi: plaintext`)."""

    runs: tuple[Run, ...]
    rtl: bool
    wraps: bool = True

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Flow:
    """A cue ready to be broken into lines. `root` is the style of the cue, its background that of the
    WebVTT cue background box."""

    root: Style
    paragraphs: tuple[Paragraph, ...]


def reads_right_to_left(text: str) -> bool:
    """By the first letter that has a direction, outside of isolates (Unicode bidirectional algorithm, P2
    and P3)."""
    depth = 0
    for letter in text:
        kind = bidirectional(letter)
        if kind in ("LRI", "RLI", "FSI"):
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif not depth and kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def moments(nodes: Iterable[Node]) -> Iterator[int]:
    """The ms of every timestamp tag, in the order of the text."""
    for node in nodes:
        if node.type == "timestamp" and isinstance(node.value, int):
            yield node.value
        else:
            yield from moments(node.children)


def flow(
    nodes: Sequence[Node], rules: Sequence[Rule], identifier: str, now: int, base: Style | None = None
) -> Flow:
    """The paragraphs of a cue whose text has the tree `nodes`, at `now` ms. `base` is a region's style."""
    return _Styling(rules, now, tuple(moments(nodes))).cue(nodes, identifier, base or Style())


def region_style(rules: Sequence[Rule], identifier: str) -> Style:
    """The style of a region: its own background, and what its cues inherit (WebVTT 8.2.3)."""
    return cascaded(Style(background=CUE_BOX), Style(), Element(id=identifier), rules, region=True)


def cascaded(
    start: Style, parent: Style, element: Element, rules: Sequence[Rule], *, region: bool = False
) -> Style:
    """`start` after all declarations for `element` in the order of the cascade (CSS Cascade 4)."""
    matching = [
        rule
        for rule in rules
        if rule.region == region
        and (rule.selector.matches(element) if rule.selector else element.parent is None)
    ]
    matching.sort(key=lambda rule: (rule.specificity, rule.order))
    for important in (False, True):
        for rule in matching:
            timed = rule.selector is not None and rule.selector.timed
            for declaration in rule.declarations:
                if declaration.important == important and not (timed and declaration.name in OF_BOXES):
                    start = declared(start, declaration, parent)
    return start


@dataclass(slots=True)
class _Styling:
    rules: Sequence[Rule]
    now: int
    times: tuple[int, ...]
    seen: int = 0
    """How many timestamps stand before the node that is looked at."""
    runs: list[Run] = field(default_factory=list)

    def cue(self, nodes: Sequence[Node], identifier: str, base: Style) -> Flow:
        root = Element(id=identifier)
        start = replace(base.child(), background=CUE_BOX)
        style = cascaded(start, base, root, self.rules)
        self._children(nodes, root, style, (style,))
        return Flow(style, _paragraphs(self.runs))

    def _children(
        self,
        nodes: Sequence[Node],
        parent: Element,
        style: Style,
        around: tuple[Style, ...],
        before: Element | None = None,
    ) -> Element | None:
        """Appends the runs of nodes that follow the element `before`; the last element of all."""
        for node in nodes:
            if node.type == "text":
                self.runs.append(Run(str(node.value), style, around))
            elif node.type == "timestamp":
                self.seen += 1
            else:
                before = self._element(node, parent, before, style, around)
        return before

    def _element(
        self,
        node: Node,
        parent: Element,
        before: Element | None,
        outer: Style,
        around: tuple[Style, ...],
    ) -> Element:
        language = str(node.value) if node.type == "lang" else parent.language
        attributes = {"voice": str(node.value)} if node.type == "v" else {}
        if node.type == "lang":
            attributes["lang"] = language
        element = Element(
            node.type,
            node.classes,
            attributes=attributes,
            language=language,
            past=self._is_past(node),
            future=self._is_future(),
            parent=parent,
            before=before,
        )
        style = cascaded(_by_tag(node, outer.child()), outer, element, self.rules)
        if style.background != CLEAR or style.outline != NO_OUTLINE:
            around = (*around, style)
        if node.type == "ruby":
            self._ruby(node.children, element, style, around)
        else:
            self._children(node.children, element, style, around)
        return element

    def _is_past(self, node: Node) -> bool:
        """WebVTT 8.2.2: a timestamp entirely after the node has gone by."""
        inside = sum(1 for _ in moments(node.children)) if self.times else 0
        return any(time < self.now for time in self.times[self.seen + inside :])

    def _is_future(self) -> bool:
        """WebVTT 8.2.2: a timestamp entirely before the node has not gone by."""
        return any(time > self.now for time in self.times[: self.seen])

    def _ruby(self, nodes: Sequence[Node], parent: Element, style: Style, around: tuple[Style, ...]) -> None:
        """Runs of base, each with the `rt` that follows it over it."""
        base: list[Node] = []
        before: Element | None = None
        for node in nodes:
            if node.type != "rt":
                base.append(node)
                continue
            first = len(self.runs)
            before = self._children(base, parent, style, around, before)
            last = len(self.runs)
            before, own = self._annotation(node, parent, before, style)
            over = _folded([replace(run, text=" ".join(run.text.split("\n"))) for run in self.runs[last:]])
            del self.runs[last:]
            if over and last > first:
                note = Ruby(tuple(over), own)
                self.runs[first:last] = [replace(run, ruby=note) for run in self.runs[first:last]]
            base = []
        self._children(base, parent, style, around, before)

    def _annotation(
        self, node: Node, parent: Element, before: Element | None, style: Style
    ) -> tuple[Element, Style]:
        """Appends the runs of an `rt`, to be set aside."""
        element = Element(
            "rt",
            node.classes,
            language=parent.language,
            past=self._is_past(node),
            future=self._is_future(),
            parent=parent,
            before=before,
        )
        # Lines along the words of the base are along those alone.
        start = replace(style.child(), size=style.size * _RUBY_SHARE, background=CUE_BOX, around=())
        own = cascaded(_by_tag(node, start), style, element, self.rules)
        self._children(node.children, element, own, (own,))
        return element, own


def _by_tag(node: Node, style: Style) -> Style:
    """WebVTT 7.4 and 5: what a tag and the default classes look like before any style sheet."""
    if node.type == "i":
        style = replace(style, italic=True)
    elif node.type == "b":
        style = replace(style, weight=700)
    elif node.type == "u":
        style = replace(style, line_names=style.line_names | {"underline"})
    for name in node.classes:
        if name in CLASSES:
            style = replace(style, colour=CLASSES[name])
        elif name.startswith("bg_") and name[3:] in CLASSES:
            style = replace(style, background=CLASSES[name[3:]])
    return style


def _paragraphs(runs: Iterable[Run]) -> tuple[Paragraph, ...]:
    """Cuts runs at line ends and folds white space (CSS Text 3, 4.1)."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        keeps = run.style.white_space in ("pre", "pre-wrap", "break-spaces")
        text = run.text if keeps else re.sub(r"[ \t\r\f]+", " ", run.text)
        if run.style.white_space in ("normal", "nowrap"):
            text = re.sub(r" ?\n ?", " ", text)
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(replace(run, text=part))
    folded = [_unbroken(_folded(line)) for line in lines]
    while folded and not folded[-1]:
        folded.pop()
    if not any(run.text.strip() for line in folded for run in line):
        return ()
    return tuple(
        Paragraph(
            tuple(line),
            reads_right_to_left("".join(run.text for run in line)),
            not line or any(run.style.white_space not in _UNBROKEN for run in line),
        )
        for line in folded
    )


def _unbroken(line: list[Run]) -> list[Run]:
    """Runs that do not wrap, in a line where others do: between words that nothing parts."""
    if len({run.style.white_space in _UNBROKEN for run in line}) < 2:
        return line
    return [
        replace(run, text=run.text.replace(" ", "\u00a0")) if run.style.white_space in _UNBROKEN else run
        for run in line
    ]


def _folded(line: list[Run]) -> list[Run]:
    """Without spaces at either end of a line and without a second one in a row, where they do not count."""
    made: list[Run] = []
    after_space = True
    for run in line:
        if run.style.white_space in ("pre", "pre-wrap", "break-spaces"):
            made.append(run)
            after_space = False
            continue
        text = run.text[1:] if after_space and run.text.startswith(" ") else run.text
        if text:
            made.append(replace(run, text=text))
            after_space = text.endswith(" ")
    if made and after_space and made[-1].style.white_space not in ("pre", "pre-wrap", "break-spaces"):
        last = made.pop()
        if last.text[:-1]:
            made.append(replace(last, text=last.text[:-1]))
    return made
