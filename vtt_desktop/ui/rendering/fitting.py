"""Paragraphs made ready for Qt, which knows no small capitals of part of a line, no room for what stands over
words, and no squares of several digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from PySide6.QtGui import QFontMetricsF

from vtt_desktop.ui.rendering.flow import Paragraph, Run
from vtt_desktop.ui.rendering.fonts import font_of
from vtt_desktop.ui.rendering.style import COMBINE_ALL

_SMALL_CAPS = 0.8


def fitted(paragraph: Paragraph, *, vertical: bool) -> Paragraph:
    """The same words as runs that can be laid out."""
    if vertical:
        paragraph = _combined(paragraph)
    return _carrying_ruby(_small_caps(paragraph))


def _combined(paragraph: Paragraph) -> Paragraph:
    """With each stretch that is to stand across a vertical line as one square (`text-combine-upright`)."""
    if not any(run.style.combine for run in paragraph.runs):
        return paragraph
    runs: list[Run] = []
    for run in paragraph.runs:
        for across, letters in _stretches(run):
            if across and not letters.isspace():
                # It breaks and is ordered as an ideograph, whatever it says (CSS Writing Modes 4, 9.1.2).
                one = replace(run, text="\u4e00", combined=letters.strip(), wide=run.style.size - 1)
                runs.append(one)
            else:
                runs.append(replace(run, text=letters))
    return replace(paragraph, runs=tuple(runs))


def _stretches(run: Run) -> Iterator[tuple[bool, str]]:
    most = run.style.combine
    if most in (0, COMBINE_ALL):
        yield most == COMBINE_ALL, run.text
        return
    for digits, letters in groupby(run.text, lambda letter: "0" <= letter <= "9"):
        text = "".join(letters)
        yield digits and len(text) <= most, text


def _small_caps(paragraph: Paragraph) -> Paragraph:
    """With small letters as smaller capitals: Qt knows them for one font a paragraph only."""
    if not any(run.style.small_caps and not run.combined for run in paragraph.runs):
        return paragraph
    runs: list[Run] = []
    for run in paragraph.runs:
        if run.combined:
            runs.append(run)
            continue
        for small, letters in groupby(run.text, str.islower):
            text = "".join(letters)
            if small and run.style.small_caps:
                less = replace(run.style, size=run.style.size * _SMALL_CAPS)
                runs.append(replace(run, text=text.upper(), style=less))
            else:
                runs.append(replace(run, text=text))
    return replace(paragraph, runs=tuple(runs))


def _carrying_ruby(paragraph: Paragraph) -> Paragraph:
    """With room on both sides of all words that are shorter than what stands over them."""
    if not any(run.ruby for run in paragraph.runs):
        return paragraph
    runs: list[Run] = []
    for ruby, group in groupby(paragraph.runs, lambda run: run.ruby):
        base = list(group)
        spare = 0.0
        if ruby is not None:
            spare = _width(ruby.runs) - _width(base)
        if spare > 0:
            pad = replace(base[0], text="\u00a0", ruby=None, wide=spare / 2)
            runs += (pad, *base, replace(pad, style=base[-1].style, around=base[-1].around))
        else:
            runs += base
    return replace(paragraph, runs=tuple(runs))


def _width(runs: Iterable[Run]) -> float:
    return sum(run.wide or QFontMetricsF(font_of(run.style)).horizontalAdvance(run.text) for run in runs)
