"""One request over HTTP and what its answer means. Nothing is retried here: the engine decides."""

from __future__ import annotations

import asyncio
import email.utils
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    SAYS,
    AnotherHistory,
    Answer,
    Done,
    Missing,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unchanged,
    Unproven,
)
from vtt_desktop.sync.expected import JSON, Expected, json_of
from vtt_desktop.sync.lanes import Lanes
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.told_status import told_status

_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_WHOLE_S = 60.0
"""So long a request may take in all: a server that drips a byte now and then must not hold it for ever."""
_LONGEST_WAIT_S = 300.0
"""So long a server may ask to be left alone: a date in ten years would hold every save for as long."""
_WORDS = (
    "/detail",
    "/title",
    "/message",
    "/error/message",
    "/errors/0/detail",
    "/errors/0/message",
    "/errors/0/title",
    "/errors/0",
    "/error/detail",
    "/error",
    "/error_description",
    "/reason",
    "/_error/message",
    "/odata.error/message/value",
)
"""Where backends put the sentence about a refusal."""
_CARRIED_OUT = (200, 201, 203, 204, 205)
"""What says that a write was carried out (RFC 9110 15.3): not 202 (later, perhaps), 206 and 207 (in part)."""
_USUAL = {"User-Agent": f"python-httpx/{httpx.__version__}", "Accept-Encoding": "gzip, deflate"}
"""What is sent unless a profile says otherwise."""
_ACCEPT = {"json": "application/json", "text": "text/vtt, text/plain;q=0.9, */*;q=0.8"}
"""By `item.format`: servers that convert documents refuse (406) what they cannot make of one."""
# RFC 9110 8.8.3 entity-tag, and what the wild has besides: a tag without its quotes.
_TAG_OK = re.compile(r"[\x21-\x7e\x80-\xff ]{1,1024}")


class Wire:
    """Talks to one backend's origin, and to no other: redirects are not followed, the token stays here."""

    def __init__(self, profile: Profile, base: str, token: str) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserError(
                f"“{base}” is not the address of a server.", "It begins with http:// or https://."
            )
        self.profile = profile
        self.base = base.rstrip("/")
        self._origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        secure, remote = parts.scheme == "https", not _is_loopback(parts.hostname)
        self._lanes = Lanes(_TIMEOUT, secure=secure, trust_env=remote)
        # A proxy that compresses rewrites ETags, a shared cache serves stale ones: neither is wanted.
        self._standing = _laid_over(
            {**_USUAL, "Accept": _ACCEPT[profile.item.format], "Cache-Control": "no-cache"}, profile.headers
        )
        if profile.accept_encoding:
            self._standing = _laid_over(self._standing, {"Accept-Encoding": profile.accept_encoding})
        self.set_token(token)
        self.mark = ""
        """The newest mark of the project's history that we were told of."""
        self.on_mark: Callable[[str], object] | None = None
        """Hears of every newer one."""

    def set_token(self, token: str) -> None:
        """The token (for `basic`, `user:password`) that requests carry from now on."""
        profile = self.profile
        self._hidden = [one for one in (token, token.partition(":")[2]) if len(one) > 3]
        self._params: dict[str, str] = {}
        self._auth: httpx.Auth | None = None
        self._secret: dict[str, str] = {}
        said = profile.auth_format.replace("{token}", token)
        if token and profile.auth in ("bearer", "header") and not (said.isascii() and said.isprintable()):
            raise UserError("The token holds characters that no header can carry.")
        if token and profile.auth == "bearer":
            self._secret["Authorization"] = f"Bearer {token}"
        elif token and profile.auth == "header":
            self._secret[profile.auth_param] = said
        elif token and profile.auth == "basic":
            self._auth = httpx.BasicAuth(*token.partition(":")[::2])
        elif token and profile.auth == "query" and profile.auth_param:
            self._params[profile.auth_param] = said
        elif token and profile.auth == "query":
            self._params |= dict(parse_qsl(token.lstrip("?"), keep_blank_values=True))

    async def close(self) -> None:
        await self._lanes.close()

    def url(self, path: str, asked: str = "") -> str:
        """A full address on this backend: a path below `base`, or one from an answer to `asked`, if our
        origin."""
        if path.startswith(("http://", "https://")):
            if not path.startswith(self._origin + "/"):
                raise UserError("The server pointed to an address on another server; it was not followed.")
            return path
        if path.startswith("?") and asked:
            return asked.partition("?")[0] + path
        if path.startswith("/"):
            prefix = urlsplit(self.base).path
            return self._origin + path if prefix and path.startswith(prefix + "/") else self.base + path
        return f"{self.base}/{path}"

    def headers(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        headers: Mapping[str, str] = self._standing
        if self.mark and self.profile.mark:
            headers = _laid_over(headers, {self.profile.mark: self.mark})
        return _laid_over(_laid_over(headers, self._secret), extra or {})

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/json",
        expected: Expected = JSON,
    ) -> tuple[Answer, httpx.Response | None]:
        """Sends one request and says what its answer means; the response is there for more details.

        A body that is text goes as it is, all others as JSON.
        """
        content, secret, asked_with = None, self._secret, headers
        if body is not None:
            headers = {"Content-Type": content_type, **(headers or {})}
        try:
            if body is not None:
                words = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
                content = words.encode()
            # Bytes as they came: a tag may hold any of them, and is echoed as it is (RFC 9110 8.8.3).
            raw = [(k.encode("ascii"), v.encode("latin-1")) for k, v in self.headers(headers).items()]
        except UnicodeError:
            raise UserError(
                "There is a character in it that HTTP cannot carry, so it was not sent."
            ) from None
        try:
            # Not by `client.request`, which merges it with what a client has of its own: nothing.
            request = httpx.Request(
                method,
                self.url(path),
                headers=raw,
                params=self._with_params(path, params),
                content=content,
                cookies=self._lanes.cookies,
            )
            with self._lanes.one() as client:
                async with asyncio.timeout(_WHOLE_S):
                    response = await client.send(request, auth=self._auth)
        except TimeoutError:
            return Unproven(f"{self._origin} did not answer in time"), None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return NotReached(f"{self._origin} cannot be reached{_reason(error)}"), None
        except httpx.TransportError as error:
            words = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "broke off"
            return Unproven(f"{self._origin} {words}"), None
        except (httpx.InvalidURL, UnicodeError):
            raise UserError(f"“{path}” is not an address that can be asked.") from None
        if response.is_success and (self.profile.status.ok or self.profile.status.code):
            # From here on it is what it says, for all who look at it.
            response.status_code = told_status(self.profile.status, json_of(response)) or response.status_code
        reading = method in ("GET", "PROPFIND")
        marked = self.profile.mark != "" and self.profile.mark in response.request.headers
        if reading and response.status_code == 412 and marked:
            at = self.profile.changes.epoch
            return AnotherHistory(str(pointer.get(json_of(response), at) or "") if at else ""), response
        self._learn(response)
        answer = self._meaning(response, expected, reading=reading)
        if isinstance(answer, TokenNeeded) and secret is not self._secret:
            # Refused with the token of before, while a person gave another one: certainly not carried out.
            return await self.request(
                method,
                path,
                headers=asked_with,
                params=params,
                body=body,
                content_type=content_type,
                expected=expected,
            )
        return answer, response

    def _learn(self, response: httpx.Response) -> None:
        """Keeps the mark that an answer brings, if it is no older than the one we have: answers overtake each
        other. A mark begins with a number that grows."""
        told = response.headers.get(self.profile.mark, "") if self.profile.mark else ""
        if not response.is_success or not _TAG_OK.fullmatch(told) or told == self.mark:
            return
        if _number(told) >= _number(self.mark):
            self.mark = told
            if self.on_mark is not None:
                self.on_mark(told)

    def _with_params(self, path: str, params: Mapping[str, str] | None) -> httpx.QueryParams | None:
        """What follows the “?”, the address's own included; None: the address as it is."""
        if not self._params and not params:
            return None
        return httpx.URL(self.url(path)).params.merge({**self._params, **(params or {})})

    @asynccontextmanager
    async def stream(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """An open answer, for server-sent events; no read timeout beyond the server's heartbeats."""
        with self._lanes.one() as client:
            async with client.stream(
                "GET",
                self.url(path),
                headers=self.headers({**headers, "Accept": "text/event-stream"}),
                params=self._with_params(path, None),
                auth=self._auth,
                timeout=httpx.Timeout(20.0, connect=5.0, read=45.0),
            ) as response:
                yield response

    def etag(self, response: httpx.Response, header: str = "ETag") -> str | None:
        """The version in an answer's header (RFC 9110 8.8.3), byte for byte unless the profile differs."""
        name = header.lower().encode()
        tag = next((v.decode("latin-1") for k, v in response.headers.raw if k.lower() == name), "")
        if not tag or not _TAG_OK.fullmatch(tag):
            return None
        if self.profile.etag == "strip-weak":
            return tag.removeprefix("W/")
        if self.profile.etag == "strip-suffix":
            return re.sub(r"-(gzip|br|deflate|df)(?=\"?$)", "", tag.removeprefix("W/"))
        return tag

    def beginning(self, response: httpx.Response) -> str:
        """How an answer begins, for a person who has to find a place in it."""
        return f"“{self._said_openly(response.text[:300])[:80]}”"

    def words(self, response: httpx.Response) -> str:
        """A refusal in the server's own words, for a person."""
        return self._said_openly(sentence_of(response))

    def _said_openly(self, words: str) -> str:
        """What a server says, bounded, without the token: it is shown, and written down."""
        for secret in self._hidden:
            words = words.replace(secret, "…")
        return " ".join(words.split())[:320]

    def _meaning(self, response: httpx.Response, expected: Expected, *, reading: bool) -> Answer:
        code, statuses = response.status_code, self.profile.status
        after = _retry_after(response)
        if code == 304 and reading and "If-None-Match" in response.request.headers:
            return Unchanged()
        if code in (202, 206) or (200 <= code < 300 and not reading and code not in _CARRIED_OUT):
            return Unproven(f"{self._origin} does not say that all of it was done (status {code})", after)
        if 200 <= code < 300:
            document = expected.read(response)
            if document is None and response.content.strip() not in (b"", b"null"):
                kind = response.headers.get("Content-Type", "something").partition(";")[0]
                return Unproven(f"{self._origin} answered with {kind} instead of {expected.name}")
            return Done(None, document)
        if code == 304:
            return Unproven(f"{self._origin} says “as before” (status 304) without having been asked", after)
        if 300 <= code < 400:
            to = self._said_openly(response.headers.get("Location", ""))
            return Unproven(
                f"{self._origin} sends us elsewhere{f', to {to}' if to else ''} (a login page?)", after
            )
        if code in statuses.token:
            return TokenNeeded(f"{self._origin} wants a valid token")
        if code in statuses.gone and (reading or code not in statuses.conflict):
            return Missing(deleted=code == 410)
        if code in statuses.conflict or (not reading and _holds(response, statuses.conflict_text)):
            return StaleTag(self.words(response))
        if code in statuses.required:
            return NotAccepted(
                f"The server asks for a version that was not sent (status {code}): "
                "“write.precondition” in the profile is not right."
            )
        if code in (403, 405, 501):  # 501: the method is not known there at all (RFC 9110 15.6.2)
            return NotAllowed(self.words(response))
        if code == 429:
            return NotReached(f"{self._origin} is busy", after, link_down=False)
        if code == 423:
            return Unproven(f"{self._origin} says that somebody has locked it (status 423)", after)
        if code in (408, 425) or code >= 500:
            return Unproven(f"{self._origin} has a problem (status {code})", after)
        return NotAccepted(self.words(response))


def _number(mark: str) -> int:
    digits = mark.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0


def _laid_over(headers: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Both; where both have one by that name (RFC 9110 5.1: in any case), `more`'s."""
    names = {name.lower() for name in more}
    return {name: said for name, said in headers.items() if name.lower() not in names} | dict(more)


def _holds(response: httpx.Response, texts: Iterable[str]) -> bool:
    """Whether an answer from 400 to 499 holds one of these texts."""
    return 400 <= response.status_code < 500 and any(text in response.text for text in texts)


def sentence_of(response: httpx.Response) -> str:
    """The server's own words for a refusal (RFC 9457 `detail`, or what is usual), bounded."""
    document = json_of(response)
    for at in _WORDS:
        words = pointer.get(document, at)
        if isinstance(words, str) and words.strip():
            return f"{SAYS}{' '.join(words.split())[:300]}"
    issues = pointer.get(document, "/_issues") or pointer.get(document, "/detail")
    if issues:
        return f"{SAYS}{json.dumps(issues, ensure_ascii=False)[:300]}"
    refused = f"The server refused it (status {response.status_code})"
    kind = response.headers.get("Content-Type", "")
    plain = "" if "html" in kind else " ".join(response.text[:2000].split())
    return f"{refused}: {plain[:200]}" if plain.isprintable() and plain else f"{refused}."


def _retry_after(response: httpx.Response) -> float | None:
    """RFC 9110 10.2.3: seconds, or a date, which is read against the answer's own Date, never our clock."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:6]), _LONGEST_WAIT_S)
    try:
        then = email.utils.parsedate_to_datetime(value)
        now = email.utils.parsedate_to_datetime(response.headers.get("Date", ""))
        return min(max((then - now).total_seconds(), 0.0), _LONGEST_WAIT_S)
    except (TypeError, ValueError):
        return None


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return " in time"
    words = str(error).lower()
    if "refused" in words or "all connection attempts failed" in words:
        return ": nothing answers there"
    if "name" in words and ("resolution" in words or "not known" in words):
        return ": its name is not known"
    if "certificate" in words or "ssl" in words:
        return ": its certificate is not valid"
    return ""


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
