"""The texts within a value of a column: a text, or a structure of JSON."""

from collections.abc import Collection, Iterator
from typing import Any

# The names and, in a list, the places that lead to a text; none where it is the whole value.
Path = tuple[str, ...]


def texts_within(
    value: Any, *, left_out: Collection[str] = (), path: Path = ()
) -> Iterator[tuple[Path, str]]:
    """Each text by the way to it, but what has a name that is left out."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, it in value.items():
            if name not in left_out:
                yield from texts_within(it, left_out=left_out, path=(*path, name))
    elif isinstance(value, list):
        for place, it in enumerate(value):
            yield from texts_within(it, left_out=left_out, path=(*path, str(place)))


def with_texts(value: Any, said: dict[Path, str], path: Path = ()) -> Any:
    """The same value with these texts in their places."""
    if isinstance(value, dict):
        return {name: with_texts(it, said, (*path, name)) for name, it in value.items()}
    if isinstance(value, list):
        return [with_texts(it, said, (*path, str(place))) for place, it in enumerate(value)]
    return said.get(path, value)
