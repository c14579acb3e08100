"""The film of the demonstration: made at first run from the sample's cues, kept in the cache."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import platformdirs

from vtt_desktop.app import lazy
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.formats.files import open_file
from vtt_desktop.resources import resource


def sample_film() -> Path:
    """The path of the film; where it is not there yet it is made, with progress on stderr."""
    sample = resource("sample", "the-last-ferry.vtt")
    maker = lazy.sample_film()
    version = hashlib.sha256(sample.read_bytes() + Path(str(maker.__file__)).read_bytes()).hexdigest()[:12]
    folder = Path(platformdirs.user_cache_dir("vtt-desktop"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The cache folder {folder} cannot be made: {error.strerror}.") from None
    film = folder / f"the-last-ferry-{version}.mp4"
    if not film.exists():
        cues = [
            (cue.start, cue.end, spoken_text(cue.text), cue.speaker)
            for cue in open_file(sample).snapshot.cues
        ]
        print("making the sample film, once; it takes some seconds", file=sys.stderr, flush=True)
        maker.make_sample_film(cues, film, _progress if sys.stderr.isatty() else None)
    return film


def _progress(share: float) -> None:
    print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)
