"""Going from one problem to the next, mending them, and showing or hiding their list."""

from __future__ import annotations

from collections.abc import Callable

from vtt_desktop.ui.authoring import Problems
from vtt_desktop.ui.commands import Command
from vtt_desktop.ui.problems_panel import FIX_KEY, FIX_LIKE_KEY, ProblemsPanel


def problem_commands(
    problems: Problems,
    panel: ProblemsPanel,
    shown: Callable[[], bool],
    show: Callable[[bool], object],
    choose: Callable[[str], object],
) -> list[Command]:
    """`shown` is whether the list is to be seen, `show` sets it; `choose` is told a profile's name."""

    def none() -> str | None:
        if any(problem.cue_id is not None for problem in problems.rows[-1:]):
            return None
        return "The check is not finished yet." if problems.checking else "No cue has a problem."

    def nothing() -> str | None:
        if panel.chosen is None:
            return "This cue has no problem. F8 goes to the next one that has."
        return None

    def profile(name: str, words: str) -> Command:
        return Command(
            f"profile-{name or 'none'}",
            words,
            lambda: choose(name),
            ("View", "Quality profile"),
            checked=lambda: problems.profile == name,
            tip="Hold the document against these rules while it is edited",
        )

    menu = ("View",)
    return [
        Command(
            "next-problem",
            "Next problem",
            panel.step,
            menu,
            ("F8",),
            icon="problem-next",
            disabled_reason=none,
            section=2,
            tip="The next thing that a check found in a cue",
        ),
        Command(
            "previous-problem",
            "Previous problem",
            lambda: panel.step(backwards=True),
            menu,
            ("Shift+F8",),
            icon="problem-previous",
            disabled_reason=none,
            section=2,
        ),
        Command(
            "problems",
            "Problems",
            lambda: show(not shown()),
            menu,
            ("Ctrl+F8",),
            icon="error",
            section=2,
            checked=shown,
            tip="The list of what the checks found",
        ),
        Command(
            "fix-problem",
            "Fix this problem",
            panel.fix,
            menu,
            (FIX_KEY,),
            icon="fix",
            disabled_reason=nothing,
            section=2,
            tip="What it changes stands below the list of problems",
        ),
        Command(
            "fix-problems-like",
            "Fix all problems like this",
            panel.fix_like,
            menu,
            (FIX_LIKE_KEY,),
            disabled_reason=nothing,
            section=2,
            tip="All of the same kind, as one undo step",
        ),
        profile("", "No quality profile"),
        *(profile(name, f"Quality: {title}") for name, title in problems.profiles),
    ]
