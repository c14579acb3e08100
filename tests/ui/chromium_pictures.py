"""Cues as Chromium shows them: one headless browser, driven over a pipe, a screenshot for each file."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PySide6.QtGui import QImage

WIDTH, HEIGHT = 640, 360
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")

# Chromium reads from descriptor 3 and writes to 4; above 9 nothing is in the way of either.
_AS_3_AND_4 = """import fcntl, os, sys
for number, wanted in [(fcntl.fcntl(int(sys.argv[1 + i]), fcntl.F_DUPFD, 10), 3 + i) for i in (0, 1)]:
    os.dup2(number, wanted)
os.execv(sys.argv[3], sys.argv[3:])"""
_PAGE = """<!doctype html><meta charset="utf-8">
<style>body { margin: 0; background: white; overflow: hidden } video { display: block }</style>"""
_SHOW = """(async () => {
  document.body.replaceChildren();
  const video = document.createElement('video');
  video.width = %d; video.height = %d; video.muted = true; video.src = %s;
  const track = document.createElement('track');
  track.default = true; track.kind = 'subtitles'; track.srclang = 'en';
  const loaded = new Promise(resolve => { track.onload = track.onerror = resolve });
  track.src = URL.createObjectURL(new Blob([%s], {type: 'text/vtt'}));
  video.append(track); document.body.append(video);
  track.track.mode = 'showing';
  await loaded;
  if (video.readyState < 2) await new Promise(resolve => { video.onloadeddata = resolve });
  const seeked = new Promise(resolve => { video.onseeked = resolve });
  video.currentTime = %f;
  await seeked;
  for (let i = 0; i < 3; i++) await new Promise(resolve => requestAnimationFrame(resolve));
  return track.track.activeCues.length;
})()"""


def white_film(path: Path) -> Path:
    """Twelve seconds of white, as WebM: Debian's Chromium plays it without further codecs."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=5)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        white = av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH, 3), 255, np.uint8), format="rgb24")
        for number in range(60):
            white.pts, white.time_base = number, Fraction(1, 5)
            container.mux(stream.encode(white))
        container.mux(stream.encode(None))
    return path


class Chromium:
    """A browser with one page."""

    def __init__(self, send: int, receive: int, film: Path) -> None:
        self._send, self._receive, self._film = send, receive, film
        self._number, self._session = 0, ""
        self._waiting = b""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        frame = self._call("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._call("Page.setDocumentContent", frameId=frame, html=_PAGE)

    def picture(self, text: str, seconds: float) -> np.ndarray:
        """What is seen of the cues of a file at a time: height × width, 0 black … 255 white."""
        film = "data:video/webm;base64," + base64.b64encode(self._film.read_bytes()).decode()
        script = _SHOW % (WIDTH, HEIGHT, json.dumps(film), json.dumps(text), seconds)
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        shot = self._call("Page.captureScreenshot", format="png")["data"]
        image = QImage.fromData(base64.b64decode(shot)).convertToFormat(QImage.Format.Format_Grayscale8)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return pixels[:HEIGHT, :WIDTH].astype(int)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._send, data) :]
        for answer in self._messages():
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                found: dict[str, Any] = answer["result"]
                return found
        raise AssertionError("Chromium has ended")

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" in self._waiting:
                one, _, self._waiting = self._waiting.partition(b"\0")
                yield json.loads(one)
            more = os.read(self._receive, 1 << 20)
            if not more:
                return
            self._waiting += more


@contextmanager
def chromium(home: Path) -> Iterator[Chromium]:
    """A browser with its files in `home`, ended afterwards."""
    assert PROGRAM is not None
    to_read, send = os.pipe()
    receive, to_write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _AS_3_AND_4, str(to_read), str(to_write), PROGRAM]
        + ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars"]
        + ["--disable-dev-shm-usage", "--no-first-run", "--force-color-profile=srgb"]
        + [f"--user-data-dir={home / 'chromium'}", "about:blank"],
        pass_fds=(to_read, to_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(to_write)
    try:
        yield Chromium(send, receive, white_film(home / "white.webm"))
    finally:
        process.kill()
        process.wait()
        os.close(send)
        os.close(receive)
