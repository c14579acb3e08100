"""What was found out about backends, kept: one that failed when it was tried is opened to be read only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs

from vtt_desktop.app import lazy
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.app.target import Target
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile import Profile


async def tried(target: Target, token: str, scratch: str = "") -> dict[str, Any]:
    """Tries a backend and keeps the result, unless it was not reached."""

    def connect(profile: Profile) -> Any:
        return lazy.repository_class()(
            profile, target.base, project=target.project, token=token or target.token
        )

    report = await lazy.probing().Probe(target.profile, WebVTTSegmentText(), connect, scratch).run()
    result = {
        "profile": target.profile.name,
        "url": target.url,
        "reached": not report.lost,
        "writable": report.writable,
        "reason": report.lost or report.reason,
        "findings": [
            {"check": one.check, "mark": one.mark.value, "words": one.words} for one in report.findings
        ],
    }
    if not report.lost:
        keep(target, result)
    return result


def result_path(target: Target) -> Path:
    """Where the result for this profile on this server is kept: a changed profile has to be tried anew."""
    digest = hashlib.sha256(f"{target.profile_text}\0{target.base}".encode()).hexdigest()
    return Path(platformdirs.user_state_dir("vtt-desktop")) / "probes" / f"{digest[:32]}.json"


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
    if target.profile.read_only:
        return target
    try:
        result = json.loads(result_path(target).read_text("utf-8"))
    except (OSError, ValueError):
        return target
    if not isinstance(result, dict) or result.get("writable") is not False:
        return target
    why = str(result.get("reason") or "it was tried and found unsafe")
    return replace(target, profile=replace(target.profile, read_only=f"Read only: {why}"))
