"""What a person names as a backend, to its parts: profile, base, project, segment ids."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import platformdirs

from vtt_desktop.domain.errors import UsageError, UserError
from vtt_desktop.resources import ROOT
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.profile_file import read_profile

OWN = "vtt-desktop"
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Target:
    """One project on one backend. `token` came with the address, if it did; it is shown nowhere."""

    profile: Profile
    profile_text: str
    base: str
    project: str = ""
    token: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The address for a person, without credentials; `parse_target` reads it again."""
        before, found, after = self.profile.item.url.partition("{project}")
        if found and after.startswith("/"):
            return self.base + before + quote(self.project, safe="")
        return f"{self.base}#{quote(self.project, safe='')}" if self.project else self.base


def is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def own_profiles() -> Path:
    """The folder for the person's own profiles, which are called by their names."""
    return Path(platformdirs.user_config_dir("vtt-desktop")) / "profiles"


def profile_names() -> list[str]:
    """The profiles that can be called by their names: the person's own, then the shipped ones."""
    own = sorted(path.stem for path in own_profiles().glob("*.toml"))
    return [*own, *(name for name in shipped_profiles() if name not in own)]


def shipped_profiles() -> list[str]:
    return sorted(path.stem for path in (ROOT / "profiles").glob("*.toml"))


def load_profile(name: str) -> tuple[Profile, str]:
    """A profile with its text: from a file, or by its name one of the person's own or a shipped one.

    UserError where there is none.
    """
    path = Path(name)
    if path.suffix != ".toml" and not path.is_file():
        own = own_profiles() / f"{name}.toml"
        path = own if own.is_file() else ROOT / "profiles" / f"{name}.toml"
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path} is not a text file in UTF-8.") from None
    except OSError as error:
        shipped = ", ".join(shipped_profiles())
        raise UserError(
            f"The profile {name} cannot be read: {error.strerror}.", f"Shipped ones: {shipped}."
        ) from None
    return read_profile(text, str(path)), text


def profile_called(text: str) -> str:
    """The name by which the profile with this text can be called; nothing where there is none."""
    for name in profile_names():
        with suppress(UserError):
            if load_profile(name)[1] == text:
                return name
    return ""


def parse_target(source: str, profile_name: str = "", ids: Sequence[str] = ()) -> Target:
    """Reads an address as its profile's templates say. UserError where they do not fit.

    `source` is a URL with or without the part that a template makes, a project's name (with a profile
    that has a base), or empty. Where addresses do not end with the project it stands behind a “#”.
    """
    token = fragment = user = ""
    try:
        "\0".join((source, *ids)).encode()
    except UnicodeEncodeError:
        raise UsageError("The address holds bytes that are not UTF-8.") from None
    if is_url(source):
        try:
            parts = urlsplit(source)
            fragment = unquote(parts.fragment)
            token = unquote(parts.password or parts.username or "")
            user = unquote(parts.username or "") if parts.password else ""
            netloc = parts.netloc.rpartition("@")[2]
            assert parts.port is None or parts.port >= 0
        except ValueError:
            shown = source.partition("//")[2].rpartition("@")[2]  # what stands before may be a password
            raise UsageError(f"“{shown}” is not a valid address.") from None
        source = urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
    if not profile_name:
        profile_name = REFERENCE if "/vtt/" in source and "/projects/" not in source else OWN
    profile, text = load_profile(profile_name)
    base, project = (profile.base or "").rstrip("/"), fragment
    template, asks_project = profile.item.url, _asks_project(profile)
    if is_url(source):
        address = source.rstrip("/")
        marker = "{project}" if "{project}" in template else "{id}"
        before = template.partition(marker)[0]
        head, found, rest = address.rpartition(before) if before.strip("/") else (address, "", "")
        if found and urlsplit(head).netloc:
            base = head
            named = unquote(rest.partition("?")[0].partition("/")[0])
            if marker == "{project}":
                project = named or project
            elif named and not ids:
                ids = tuple(one for one in named.split(",") if one)
        else:
            base = address
    elif source and not source.endswith(".toml"):
        if asks_project:
            project = source
        elif not ids:
            ids = tuple(one for one in source.split(",") if one)
    if not base:
        raise UsageError("No address of a server was given.", "Give a URL, or “base” in the profile.")
    if asks_project and not project:
        example = Target(profile, text, base, "PROJECT").url
        behind = f"{base}#PROJECT"
        other = f", or like {behind}" if behind != example else ""
        raise UsageError("The address names no project.", f"It looks like {example}{other}")
    if profile.auth == "basic" and user:
        token = f"{user}:{token}"
    if ids:
        profile = replace(profile, list=replace(profile.list, ids=tuple(ids)))
    if not profile.list.url and not profile.list.ids:
        raise UsageError(
            "This backend has no list of segments, and no ids were given.", "Give them with --ids a,b,c."
        )
    return Target(profile, text, base, project, token)


def _asks_project(profile: Profile) -> bool:
    """Whether the backend holds several projects, told apart somewhere in its addresses."""
    return any("{project}" in url for url in (profile.item.url, profile.list.url, profile.changes.url))
