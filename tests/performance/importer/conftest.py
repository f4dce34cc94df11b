"""The Interactive Tool's dictionary and series; and what became of the broken files."""

from collections import Counter

import pytest

from performance.importer.lait_dictionary import load_series, make_series, read_dictionary
from tests.performance.importer.lait_files import DICTIONARY


@pytest.fixture(scope="module")
def dictionary():
    return read_dictionary(DICTIONARY)


@pytest.fixture
def on_record(db, dictionary):
    load_series(make_series(dictionary, dictionary))
    return dictionary


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--broken-files", default=None):
        return
    became = Counter(
        (mutation, state)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, files in getattr(report, "user_properties", [])
        if name == "broken_files"
        for mutation, state in files
    )
    terminalreporter.section("Broken files: loaded, refused")
    for mutation in sorted({mutation for mutation, _ in became}):
        loaded, refused = became[mutation, "loaded"], became[mutation, "refused"]
        terminalreporter.write_line(f"{loaded:5} {refused:5}  {mutation}")
    loaded, refused = (sum(n for (_, one), n in became.items() if one == state)
                       for state in ("loaded", "refused"))  # fmt: skip
    terminalreporter.write_line(f"{loaded:5} {refused:5}  in all")
