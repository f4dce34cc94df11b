"""Measures, and prints the table: python -m measuring ROUNDS LAIT-FILE-OR-NOTHING [PAGE ...]

python -m measuring --load measures loads instead, and starts --memory for each it takes apart.
"""

import contextlib
import re
import signal
import sys
from collections.abc import Sequence
from statistics import median

import django

django.setup()

from bootstrap import PROJECT, StopHere, say, step  # noqa: E402
from django.db import OperationalError  # noqa: E402
from django.test import Client  # noqa: E402
from prepare import prepare_static_files  # noqa: E402

from dashboard.embedded_postgres import make_state_folder  # noqa: E402
from measuring import budgets, clock, data, lait, load_budget, pages  # noqa: E402
from measuring.budgets import Column, Figure  # noqa: E402
from measuring.pages import Page  # noqa: E402
from measuring.urls import YARDSTICK  # noqa: E402


def measure_queries(
    client: Client, measured: Sequence[Page], plain: str, large: str, with_lait: str
) -> list[Column]:
    """SQL statements beyond session, person and permissions, which more figures do not change."""

    def count(database: str) -> dict[str, int]:
        data.connect(database)
        return {page.name: pages.count_queries(client, page.address) for page in measured}

    before = count(plain)
    columns = [
        Column(
            "SQL ≤ 12 or 18",
            {page.name: Figure(before[page.name], page.queries_at_most) for page in measured},
        )
    ]
    for heading, database in (("with 300: same", large), ("with LAIT: same", with_lait)):
        counted = count(database) if database else {}
        figures = {name: Figure(found, same_as=before[name]) for name, found in counted.items()}
        columns.append(Column(heading, figures))
    return columns


def measure_server_time(
    cookie: str, staff: str, measured: Sequence[Page], ports: Sequence[int], rounds: int
) -> list[Column]:
    """Each page by the admin's list and, where the second port serves it, with LAIT by without."""
    admin = Column("× admin ≤ 2", {})
    more = Column("LAIT × ≤ 1.3", {})
    medians = Column("ms", {})
    for page in measured:
        asked = [(ports[0], YARDSTICK, staff)]
        asked += [(port, page.address, cookie) for port in ports]
        yardstick, plain, *with_lait = clock.time_in_turns(asked, rounds)
        admin.figures[page.name] = Figure(
            budgets.ratio(plain, yardstick), budgets.TIMES_THE_ADMIN, decimals=2
        )
        medians.figures[page.name] = Figure(1000 * median(plain), decimals=0)
        for times in with_lait:
            more.figures[page.name] = Figure(
                budgets.ratio(times, plain), budgets.TIMES_ITSELF_WITH_LAIT, decimals=2
            )
    return [medians, admin, more]


def measure_weight(
    client: Client, cookie: str, measured: Sequence[Page], port: int
) -> list[Column]:
    """Packed kilobytes of the page, and of all that it fetches before Plotly."""
    html = Column("HTML kB ≤ 60", {})
    whole = Column("all kB ≤ 120", {})
    for page in measured:
        kilobytes = len(pages.fetch(port, page.address, cookie)) / 1000
        assets = pages.find_assets(client.get(page.address).content.decode(), page.address)
        beside = sum(len(pages.fetch(port, asset, cookie)) for asset in assets) / 1000
        html.figures[page.name] = Figure(kilobytes, budgets.PAGE_KB, decimals=1)
        whole.figures[page.name] = Figure(kilobytes + beside, budgets.ALL_KB, decimals=1)
    return [html, whole]


def measure(rounds: int, lait_file: str, asked: Sequence[str]) -> list[Column]:
    with contextlib.ExitStack() as stack:
        with step("Loading the demonstration"):
            plain = stack.enter_context(data.scratch_database())
        client = data.sign_in("councillor")
        cookie = client.cookies["sessionid"].value
        staff = data.sign_in(data.make_staff()).cookies["sessionid"].value
        measured = pages.choose_pages(pages.find_pages(client), asked)
        with step("Copying it, and adding indicators to the panel's set"):
            large = stack.enter_context(data.copied_database(plain, "300"))
            data.add_indicators()
        with_lait = ""
        if lait_file:
            with step("Copying it, and loading all of the Interactive Tool"):
                with_lait = stack.enter_context(data.copied_database(plain, "lait"))
                read, held = lait.load_file(lait_file)
            say(f"Of {read:,} rows, {held:,} are held as figures.")
        with step("Counting queries"):
            columns = measure_queries(client, measured, plain, large, with_lait)
        data.connect(plain)
        databases = [name for name in (plain, with_lait) if name]
        ports = stack.enter_context(clock.serve_all(databases))
        with step(f"Timing {rounds} rounds of each page"):
            columns += measure_server_time(cookie, staff, measured, ports, rounds)
        with step("Weighing"):
            columns += measure_weight(client, cookie, measured, ports[0])
        for page in measured:
            say(f"{page.name} is {page.address}")
        return columns


def main(rounds: str, lait_file: str, *asked: str) -> int:
    with step("Packing the static files"):
        prepare_static_files(make_state_folder(PROJECT))
    if not lait_file:
        say(
            "DfE's Interactive Tool is left out: give its Parquet file by --lait PATH or LAIT_DATA."
        )
    columns = measure(int(rounds), lait_file, asked)
    say("\n" + "\n".join(budgets.print_table(columns)))
    over = budgets.list_over(columns)
    say("\nEvery figure is within its budget." if not over else "\nOver budget:")
    for line in over:
        say(line)
    return 1 if over else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        match sys.argv[1:]:
            case ["--load", lait_file]:
                sys.exit(load_budget.main(lait_file))
            case ["--memory", database, path]:
                sys.exit(load_budget.report_memory(database, path))
            case asked:
                sys.exit(main(*asked))
    except (StopHere, ValueError) as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        reason = re.sub(r"\s+", " ", str(problem))
        sys.exit(f"The database cannot be used ({reason}): start it, or mend DATABASE_URL.")
    except KeyboardInterrupt:
        sys.exit(130)
