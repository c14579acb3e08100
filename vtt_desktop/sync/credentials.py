"""Tokens belong to an origin, and are given to no other (rule 9)."""

from __future__ import annotations

import ipaddress
from typing import Protocol
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Ring(Protocol):
    """What is needed of a system's keyring: one secret by service and account. Calls may block for long."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def origin_of(address: str) -> str:
    """Scheme, host and port (RFC 6454 6.2: lower case, a default port left out); nothing: it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{name}:{port}"


def on_this_machine(origin: str) -> bool:
    """Whether an origin is a loopback one."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Tokens:
    """Tokens by origin, for as long as the program runs. Shows none of them when it is printed."""

    def __init__(self) -> None:
        self._by_origin: dict[str, str] = {}

    def get(self, address: str) -> str:
        """The token for the address's origin, or nothing."""
        return self._by_origin.get(origin_of(address), "")

    def put(self, address: str, token: str) -> None:
        """From now on this token, for that origin alone; an empty one forgets it."""
        if origin := origin_of(address):
            self._by_origin[origin] = token
