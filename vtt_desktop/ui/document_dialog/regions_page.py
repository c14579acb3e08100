"""The REGION blocks: areas of the picture that cues scroll in, as fields and as a small picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from vtt_desktop.domain.cue import settings_by_name
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, HeadChange
from vtt_desktop.domain.edits_document import set_setting
from vtt_desktop.ui.authoring import HeadBlock, HeadText
from vtt_desktop.ui.document_dialog.pages import BlocksPage
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.rendering.ports import Region
from vtt_desktop.ui.theme import UNIT, Theme, mixed

_LINE_SHARE = 0.0533  # of the picture's height (WebVTT 7.2, "height of a line in a region": 5.33vh)


class RegionsPage(BlocksPage):
    """Fields for the chosen region. Another identifier goes to the cues that use it, in the same edit."""

    kind = "region"
    one = "Region"

    def __init__(self, session: Session, head: HeadText, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, head, parent)
        self.identifier = FieldLine("Identifier", "The name that cues call it by", str.strip, self)
        self.region_width = _percent_box("Width", "How wide it is, per cent of the picture")
        self.lines = _percent_box("Lines", "How many lines it shows")
        self.lines.setDecimals(0)
        self.lines.setSuffix("")
        self.anchor = _Point("Region anchor", "The point of the region that is held, per cent of the region")
        self.viewport = _Point("Viewport anchor", "Where on the picture that point is held, per cent")
        self.scroll_up = QCheckBox("Lines scroll up")
        self.scroll_up.setToolTip("Each new line pushes the others up")
        self.picture = RegionPicture(theme)
        form = QFormLayout()
        form.setHorizontalSpacing(3 * UNIT)
        form.setVerticalSpacing(2 * UNIT)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Identifier", self.identifier)
        form.addRow("Width", self.region_width)
        form.addRow("Lines", self.lines)
        form.addRow("Its anchor", self.anchor)
        form.addRow("On the picture", self.viewport)
        form.addRow("", self.scroll_up)
        self.right.addLayout(form)
        self.right.addWidget(self.picture, 1)
        self.right.addWidget(self.said)
        self.identifier.editingFinished.connect(self._rename)
        self.region_width.valueChanged.connect(lambda value: self._set("width", f"{value:g}%"))
        self.lines.valueChanged.connect(lambda value: self._set("lines", f"{value:.0f}"))
        for name, point in (("regionanchor", self.anchor), ("viewportanchor", self.viewport)):
            for box in (point.across, point.down):
                box.valueChanged.connect(lambda _value, n=name, p=point: self._set(n, p.text))
        self.scroll_up.toggled.connect(lambda on: self._set("scroll", "up" if on else ""))

    @property
    def block_field(self) -> QWidget:
        return self.identifier

    def title(self, number: int, block: HeadBlock) -> str:
        return self.head.region(block.text).id or f"Region {number}"

    def fresh_text(self) -> str:
        taken = {self.head.region(block.text).id for _at, block in self.blocks() if block.kind == "region"}
        name = next(f"region{n}" for n in range(1, len(taken) + 2) if f"region{n}" not in taken)
        return f"id:{name}\nwidth:80%\nlines:3\nregionanchor:50%,100%\nviewportanchor:50%,90%\nscroll:up"

    def show_block(self) -> None:
        regions = [(at, self.head.region(b.text)) for at, b in self.blocks() if b.kind == "region"]
        region = next((one for at, one in regions if at == self.place), None)
        for part in (
            self.identifier,
            self.region_width,
            self.lines,
            self.anchor,
            self.viewport,
            self.scroll_up,
        ):
            part.setEnabled(region is not None)
        self.picture.show_regions([one for _at, one in regions], region)
        if region is None:
            self.identifier.show_change("")
            return
        self.identifier.show_change(region.id)
        self.region_width.setValue(region.width)
        self.lines.setValue(region.lines)
        self.anchor.show_change(region.anchor)
        self.viewport.show_change(region.viewport_anchor)
        self.scroll_up.setChecked(region.scroll == "up")

    def _set(self, name: str, value: str) -> None:
        place = self.place
        if place is None or self.hearing:
            return
        text = self.head.region_text(self.text, name, value)
        self.submit_head(lambda s: self.head.changed(s, place, text), "Edit region", f"region:{place}:{name}")

    @property
    def renamed(self) -> bool:
        """Whether another identifier is typed than the chosen region has."""
        old = self.head.region(self.text).id
        return self.place is not None and self.identifier.text().strip() != old

    def _rename(self) -> None:
        place, fresh = self.place, self.identifier.text().strip()
        old = self.head.region(self.text).id
        if place is None or self.hearing or fresh == old:
            return
        if not fresh or len(fresh.split()) > 1:
            self.say("An identifier is one word, without spaces.")
            self.identifier.mark(True)
            return
        text = self.head.region_text(self.text, "id", fresh)
        self.seal()

        def make(snapshot: Snapshot) -> Edit:
            head = HeadChange(snapshot.head, self.head.changed(snapshot, place, text))
            return _renamed(snapshot, head, old, fresh)

        done = self.submit(make)
        self.identifier.mark(not done)


class RegionPicture(QWidget):
    """Where the regions stand on a picture of 16 : 9; the chosen one in front, with what holds it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._regions: list[Region] = []
        self._chosen: Region | None = None
        self.setAccessibleName("Where the region stands on the picture")
        self.setMinimumHeight(110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_regions(self, regions: list[Region], chosen: Region | None) -> None:
        if (regions, chosen) != (self._regions, self._chosen):
            self._regions, self._chosen = regions, chosen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 135)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(self.width() - 2.0, (self.height() - 2) * 16 / 9)
        frame = QRectF(1, 1, width, width * 9 / 16)
        painter.fillRect(frame, theme.base)
        painter.setPen(QPen(theme.border, 1))
        painter.drawRect(frame)
        painter.setClipRect(frame)
        for region in self._regions:
            if region is not self._chosen:
                self._draw(painter, frame, region, chosen=False)
        if self._chosen is not None:
            self._draw(painter, frame, self._chosen, chosen=True)

    def _draw(self, painter: QPainter, frame: QRectF, region: Region, *, chosen: bool) -> None:
        theme = self._theme
        box = region_box(region, frame)
        painter.fillRect(box, mixed(theme.accent, theme.base, 0.35 if chosen else 0.12))
        painter.setPen(QPen(theme.accent if chosen else theme.muted, 1.5 if chosen else 1))
        painter.drawRect(box)
        if chosen:
            held = QPointF(
                frame.left() + frame.width() * region.viewport_anchor[0] / 100,
                frame.top() + frame.height() * region.viewport_anchor[1] / 100,
            )
            painter.setBrush(theme.accent)
            painter.drawEllipse(held, 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def region_box(region: Region, frame: QRectF) -> QRectF:
    """Where a region stands on a picture (WebVTT 7.2 "apply WebVTT region settings")."""
    width = frame.width() * region.width / 100
    height = frame.height() * _LINE_SHARE * region.lines
    left = frame.left() + frame.width() * region.viewport_anchor[0] / 100 - width * region.anchor[0] / 100
    top = frame.top() + frame.height() * region.viewport_anchor[1] / 100 - height * region.anchor[1] / 100
    return QRectF(left, top, width, height)


class _Point(QWidget):
    """Two percentages: across and down."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.across = _percent_box(f"{name} across", hint)
        self.down = _percent_box(f"{name} down", hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * UNIT)
        for words, box in (("across", self.across), ("down", self.down)):
            label = QLabel(words)
            label.setProperty("role", "muted")
            row.addWidget(box, 1)
            row.addWidget(label)

    @property
    def text(self) -> str:
        return f"{self.across.value():g}%,{self.down.value():g}%"

    def show_change(self, point: tuple[float, float]) -> None:
        self.across.setValue(point[0])
        self.down.setValue(point[1])


class _NumberBox(QDoubleSpinBox):
    """Shows a number as short as it can be: `40`, `33.33`."""

    def textFromValue(self, value: float) -> str:
        return f"{round(value, self.decimals()):g}"


def _percent_box(name: str, hint: str) -> QDoubleSpinBox:
    made = _NumberBox()
    made.setRange(0, 100)
    made.setDecimals(2)
    made.setSuffix(" %")
    made.setAccessibleName(name)
    made.lineEdit().setAccessibleName(name)
    made.lineEdit().setTextMargins(UNIT + 2, 0, 0, 0)  # the padding of the style is not for what is inside
    made.setToolTip(hint)
    return made


def _renamed(snapshot: Snapshot, head: HeadChange, old: str, fresh: str) -> Edit:
    """The head with the new name, and each cue that used the old one."""
    changes: list[CueChange | HeadChange] = [head]
    for cue in snapshot.cues if old else ():
        if "region:" in cue.settings and settings_by_name(cue.settings).get("region") == old:
            changes += set_setting(snapshot, cue.id, "region", fresh).changes
    return Edit("Rename region", tuple(changes))
