from typing import Any

from performance.importer.incoming import Reading, Source


def read_file(source: Source, options: Any) -> Reading:
    raise NotImplementedError
