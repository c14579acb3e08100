"""Runs schedules of the sync simulator by their seeds, and makes a failing one as short as it gets.

python -m tests.properties.sync_schedules 0 20000          all of these
python -m tests.properties.sync_schedules 0 20000 --every 2
python -m tests.properties.sync_schedules 7053 7054 --desks 2 --cues 1 --steps 17 --skip 3,4,5
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from tests.properties.sync_simulation import World, as_json
from tests.properties.sync_virtual_time import Broken

STEPS = (40, 20)
"""Steps of a schedule: of half of them so many that much comes together, of the others fewer, so that there
is time for more of them."""
DESKS = (2, 2, 3, 2, 2, 3, 2, 4, 5)
COMPARED = 100
"""Of so many schedules one is run a second time, with clocks on the wall that are right (I15)."""
COLLECT_AFTER = 5
"""Schedules between two garbage collections, which look at what these left alone; with more between them the
processor's caches do not hold that any more."""


@dataclass(frozen=True)
class Schedule:
    """One schedule: the same values, the same trace (I17)."""

    seed: int
    desks: int
    cues: int
    steps: int = STEPS[0]
    skipped: frozenset[int] = frozenset()

    @classmethod
    def of(cls, seed: int) -> Schedule:
        return cls(seed, DESKS[seed % len(DESKS)], 1 + seed % 4, STEPS[seed // 36 % len(STEPS)])

    def run(self) -> World:
        """A broken rule is raised, also one that an observer met."""
        world = self.world(jump=True)
        if self.seed % COMPARED == 0 and as_json(world) != as_json(self.world(jump=False)):
            raise Broken("I15 where the clocks on the wall are right, something else happens")
        return world

    def world(self, *, jump: bool) -> World:
        """As it is after the last step; `jump`: whether the clocks on the wall do."""
        unheard: list[BaseException] = []

        def hear(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            unheard.append(error)

        before, sys.excepthook = sys.excepthook, hear
        try:
            world = World(self.seed, desks=self.desks, cues=self.cues, skipped=self.skipped, jump=jump)
            world.run(self.steps)
        finally:
            sys.excepthook = before
        if unheard:
            raise unheard[0]
        return world

    @property
    def command(self) -> str:
        """What replays it."""
        skip = f" --skip {','.join(map(str, sorted(self.skipped)))}" if self.skipped else ""
        hashes = f"PYTHONHASHSEED={seed} " if (seed := os.environ.get("PYTHONHASHSEED")) else ""
        return (
            f"{hashes}python -m tests.properties.sync_schedules {self.seed} {self.seed + 1} "
            f"--desks {self.desks} --cues {self.cues} --steps {self.steps}{skip}"
        )


def failure(schedule: Schedule) -> BaseException | None:
    try:
        schedule.run()
    except Exception as error:
        return error
    return None


def rule_of(error: BaseException) -> str:
    """The invariant's name, or the kind of a bug."""
    return str(error).split(" ", 1)[0] if isinstance(error, AssertionError) else type(error).__name__


def shrunk(schedule: Schedule, error: BaseException) -> Schedule:
    """The shortest schedule that breaks the same rule, by leaving out what is not needed for it."""
    rule = rule_of(error)

    def still(one: Schedule) -> bool:
        found = failure(one)
        return found is not None and rule_of(found) == rule

    for steps in range(1, schedule.steps):
        if still(shorter := replace(schedule, steps=steps)):
            schedule = shorter
            break
    smaller = [replace(schedule, desks=d, cues=c) for d in range(2, schedule.desks + 1) for c in (1, 2)]
    schedule = next((one for one in smaller if still(one)), schedule)
    before = None
    while before != schedule:  # what was needed for a step that is left out by now is not needed any more
        before = schedule
        for step in range(schedule.steps):
            if step in schedule.skipped:
                continue
            if still(shorter := replace(schedule, skipped=schedule.skipped | {step})):
                schedule = shorter
    return schedule


def told(schedule: Schedule, error: BaseException) -> str:
    short = shrunk(schedule, error)
    found = failure(short) or error
    steps = short.steps - len(short.skipped)
    return f"seed {schedule.seed} breaks {error}\nIn {steps} steps: {found}\nReplay: {short.command}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=int)
    parser.add_argument("end", type=int, help="the first that is not run")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--desks", type=int)
    parser.add_argument("--cues", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--skip", default="")
    asked = parser.parse_args(arguments)
    skipped = frozenset(int(step) for step in asked.skip.split(",") if step)
    gc.disable()
    gc.freeze()
    for number, seed in enumerate(range(asked.first, asked.end, asked.every)):
        usual = Schedule.of(seed)
        desks, cues = asked.desks or usual.desks, asked.cues or usual.cues
        steps = asked.steps or usual.steps
        one = replace(usual, desks=desks, cues=cues, steps=steps, skipped=skipped)
        error = failure(one)
        if error is not None:
            print(told(one, error), flush=True)
            return 1
        if number % COLLECT_AFTER == 0:
            gc.collect()
    print(f"{len(range(asked.first, asked.end, asked.every))} schedules kept every rule")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
