"""What the site's pages and exports say of a period, read back from their HTML, CSV and XLSX.

It knows the words that a reader sees, and nothing of the code that wrote them.
"""

import csv
import html
import io
import json
import re
from collections import defaultdict

import openpyxl

HIDDEN = ("hidden: a small number", "suppressed: a small number could name a child")
NOTHING = ("no figure", "no figure yet", "not applicable", "–", "")


def text_of(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def as_number(said):
    """“3,960 children”, “4.2%”, “none” as printed, without comma and unit; None for a symbol."""
    said = said.strip()
    if said in HIDDEN or said in NOTHING:
        return None
    if said == "none":
        return "0"
    found = re.match(r"-?[\d,]+(?:\.\d+)?", said)
    assert found, f"“{said}” is neither a number nor a reason that this reader knows."
    return found[0].replace(",", "")


def said_of(period, text):
    """The numbers that sentences give for the period: “to 440 in 2013/14”, “none in 2013/14”."""
    # “25 in 2023/24” is no number in “8 in 2024/25, the same as in 2023/24”.
    pattern = rf"(?<![/\d])(none|[\d,]+(?:\.\d+)?%?)(?: (?:[a-z]+ )*?)? ?in {re.escape(period)}"
    return {as_number(found) for found in re.findall(pattern, text)}


def read_indicator_page(markup, period, day, area):
    """For each source of an indicator's page, by its heading: every number given for the period,
    in the sentences, the table, the picture's own data and the comparison. None is no number."""
    found = defaultdict(set)
    heading = r'<h[23][^>]* id="series-\d+">(?:[^<]*<span[^>]*>)?([^<]*)(?:</span>)?</h[23]>'
    parts = re.split(heading, markup)
    lead = parts[0]
    for place, (name, part) in enumerate(zip(parts[1::2], parts[2::2], strict=True)):
        of_it = part if place else lead + part
        scripts = re.findall(r'<script id="series-[^>]*>(.*?)</script>', part, re.DOTALL)
        without_data = re.sub(r"<script.*?</script>", " ", of_it, flags=re.DOTALL)
        found[name] |= said_of(period, text_of(without_data)) | _in_tables(part, period, area)
        for script in scripts:
            found[name] |= _in_figure(json.loads(script), period, day)
    return found


def _in_tables(markup, period, area):
    found = set()
    for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", markup, re.DOTALL):
        cells = [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        if cells[0] == period or (cells[0] == area and period in cells):
            found.add(as_number(cells[1]))
    return found


def _in_figure(figure, period, day):
    """Points of the day that a reader can touch, and every hover text about the period."""
    found = set()
    for trace in figure["data"]:
        texts = trace.get("text") or []
        for place, on in enumerate(trace.get("x") or []):
            text = texts[place] if place < len(texts) else ""
            if f"{period}: " in text:
                said = text.partition(f"{period}: ")[2].partition("<br>")[0]
                found.add(as_number(said))
            elif on == day and trace.get("hoverinfo") != "skip":
                value = trace["y"][place]
                found.add(None if value is None else f"{value:g}")
    return found


def read_csv(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def read_xlsx(response):
    """The rows as the CSV has them."""
    [head, *rows] = openpyxl.load_workbook(io.BytesIO(response.content)).active.values
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(head, row, strict=True)}
        for row in rows
    ]


def read_list(markup, period):
    """For each indicator of a list, by its title: the numbers that its row gives for the period."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", markup, re.DOTALL):
        title = re.search(r'<a class="govuk-link" href="[^"]*">([^<]*)</a>', row)
        latest = re.search(r'<strong class="latest">([^<]*)</strong> <span[^>]*>([^<]*)', row)
        if title and latest:
            values = {as_number(latest[1])} if latest[2] == period else set()
            found[title[1]] = values | said_of(period, text_of(row))
    return found
