"""Which published releases there are maps for: a choice for when a file does not tell."""

from performance.importer.published_maps import LAYOUTS
from performance.importer.published_reading import maps_folder
from performance.importer.read import read_tables

FILES = next(layout for layout in LAYOUTS if layout.file == "dfe_files.csv")


def release_choices() -> list[tuple[str, str]]:
    """The file that each map was made for, with its title and release, newest release first.

    Raises LoadRefused where the table of them cannot be read.
    """
    rows = read_tables(maps_folder(), [FILES])["dfe_files"]
    rows.sort(key=lambda row: (row["released_on"], row["title"]), reverse=True)
    return [(row["file"], f"{row['title']} ({row['file']})") for row in rows]
