"""Files that may not be loaded for now. An app above says which, and why."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from django.db.models import Model

from performance.importer.incoming import Source
from performance.importer.read import Layout

# Of the file's bytes, and of the load that waits with them, if any; empty where nothing holds it.
WhyHeld = Callable[[BinaryIO, Model | None], str]

_asked: list[WhyHeld] = []


class HeldBack(Exception):
    """The file waits on: its words say for what. Nothing was loaded and nothing is lost."""


def hold_back_where(why: WhyHeld) -> None:
    """Adds somebody to ask, once."""
    if why not in _asked:
        _asked.append(why)


def refuse_if_held_back(content: BinaryIO, load: Model | None = None) -> None:
    """Raises HeldBack where anybody says that this file is not to be loaded now. A file that is
    given to be loaded at once has no load yet."""
    for why in _asked:
        content.seek(0)
        if said := why(content, load):
            raise HeldBack(said)


def refuse_source_if_held_back(source: Source) -> None:
    with source.open() as opened:
        refuse_if_held_back(opened)


def refuse_folder_if_held_back(folder: Path, layouts: Sequence[Layout]) -> None:
    """The same of each file of a folder that is there."""
    for layout in layouts:
        if (path := folder / layout.file).is_file():
            refuse_source_if_held_back(Source(path.name, path=path))
