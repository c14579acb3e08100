"""What was found out about backends, kept: one that failed when it was tried is opened to be read only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from vtt_desktop.app import lazy
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.app.target import OWN, REFERENCE, Target
from vtt_desktop.domain.errors import UserError
from vtt_desktop.resources import ROOT
from vtt_desktop.sync.profile import Profile

if TYPE_CHECKING:
    from vtt_desktop.sync.repository import Repository


def connected(target: Target, token: str, author: str = "") -> Repository:
    """A connection that is written to; where nobody tried this backend, behind a guard (see `sync.guard`).

    A profile says what a backend should do, not what this one does, whoever wrote it. Only our own server is
    known by its answers: it tells where the project's history is. By the reference contract every write
    carries a tag that the server gave, so it is tried with another of those.
    """
    guard = None
    if not (target.profile.read_only or _kept(target)):
        guard = lazy.guard_class()(
            lambda unsafe: _keep_guarded(target, unsafe),
            known_by_mark=_is_shipped(target, OWN),
            given_only=_is_shipped(target, REFERENCE),
        )
    return lazy.repository_class()(
        target.profile, target.base, project=target.project, token=token, author=author, guard=guard
    )


async def tried(target: Target, token: str, scratch: str = "") -> dict[str, Any]:
    """Tries a backend and keeps the result, unless it could not be tried to the end."""

    def connect(profile: Profile) -> Any:
        return lazy.repository_class()(
            profile, target.base, project=target.project, token=token or target.token
        )

    report = await lazy.probing().Probe(target.profile, WebVTTSegmentText(), connect, scratch).run()
    findings = [{"check": one.check, "mark": one.mark.value, "words": one.words} for one in report.findings]
    result = _result(target, report.writable, report.lost or report.reason, findings)
    if report.lost:
        return result | {"reached": False}
    keep(target, result)
    return result


def _result(target: Target, writable: bool, reason: str, findings: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "profile": target.profile.name,
        "url": target.url,
        "reached": True,
        "writable": writable,
        "reason": reason,
        "findings": findings,
    }


def result_path(target: Target) -> Path:
    """Where the result for this profile on this server is kept.

    What the profile says counts, not how: a comment or another name makes no new one, nor does a newer
    program that knows more keys. What differs between two projects there does not count either.
    """
    meant = replace(target.profile, name="", base="", read_only="", list=replace(target.profile.list, ids=()))
    said = json.dumps(_beyond_the_usual(meant), sort_keys=True, default=str)
    digest = hashlib.sha256(f"{said}\0{target.base}".encode()).hexdigest()
    return Path(platformdirs.user_state_dir("vtt-desktop")) / "probes" / f"{digest[:32]}.json"


def _beyond_the_usual(value: Any) -> Any:
    """What a part of a profile says that is not the default."""
    if is_dataclass(value):
        said = {one.name: getattr(value, one.name) for one in fields(value)}
        usual = {one.name: _default(one) for one in fields(value)}
        value = {name: inner for name, inner in said.items() if inner != usual[name]}
    if not isinstance(value, Mapping):
        return value
    return {name: told for name, inner in value.items() if (told := _beyond_the_usual(inner)) != {}}


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def keep(target: Target, result: dict[str, Any]) -> None:
    """Writes a result down. UserError where it cannot be."""
    path = result_path(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        raise UserError(f"The result cannot be kept in {path.parent}: {error.strerror}.") from None


def as_probed(target: Target) -> Target:
    """The target, read-only where it was tried and found unsafe."""
    result = _kept(target)
    if target.profile.read_only or result.get("writable") is not False:
        return target
    why = str(result.get("reason") or "it was tried and found unsafe")
    return replace(target, profile=replace(target.profile, read_only=f"Read only: {why}"))


def _kept(target: Target) -> dict[str, Any]:
    """What was found when it was tried; empty: nobody did, or it cannot be read."""
    try:
        result = json.loads(result_path(target).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return result if isinstance(result, dict) else {}


def _keep_guarded(target: Target, unsafe: str) -> None:
    """Keeps what the first write found; where that cannot be, it holds for this connection."""
    with suppress(UserError):
        keep(target, _result(target, not unsafe, unsafe, []) | {"guarded": True})


def _is_shipped(target: Target, name: str) -> bool:
    """Whether it is reached by that profile as it comes with the program."""
    return (ROOT / "profiles" / f"{name}.toml").read_text("utf-8") == target.profile_text
