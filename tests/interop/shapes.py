"""Every shape of a backend that the documentation has a recipe for."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.interop.backend_stories import Place
from tests.interop.link_backends import DeltaShape, TrashShape
from tests.interop.odd_backends import CouchShape, FormShape, JsonApiShape, Shelf, TextShape
from tests.interop.record_backends import CountShape, FilterShape, FirestoreShape, NumberedShape, SearchShape
from tests.interop.resource_backends import OwnIdsShape, ResourceShape
from tests.interop.store_backends import (
    BagShape,
    BucketShape,
    GenerationShape,
    KeyValueShape,
    PartitionShape,
    RepositoryShape,
    TreeShape,
)

SHAPES: list[type[Shelf]] = [
    CouchShape,
    JsonApiShape,
    TextShape,
    FormShape,
    SearchShape,
    FilterShape,
    FirestoreShape,
    CountShape,
    ResourceShape,
    OwnIdsShape,
    RepositoryShape,
    KeyValueShape,
    BucketShape,
    TreeShape,
    GenerationShape,
    NumberedShape,
    PartitionShape,
    BagShape,
    DeltaShape,
    TrashShape,
]
MAKING = [kind for kind in SHAPES if "[create]" in kind.PROFILE]
"""Those whose profile says how segments are made."""


def place_on(shelf: Shelf, folder: Path, url: str = "") -> Place:
    """The shelf by its profile; `url` where it is reached by another way."""
    profile = folder / "stranger.toml"
    text = textwrap.dedent(shelf.PROFILE)
    profile.write_text(text if text.startswith("name") else f'name = "Stranger"\n{text}', "utf-8")
    return Place(str(profile), url or shelf.url, shelf.TOKEN)
