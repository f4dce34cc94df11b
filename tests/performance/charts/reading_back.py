"""Reads a chart back from what is printed: the picture from its markup, the plot from its JSON."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import unescape
from typing import Any
from xml.etree import ElementTree

OWN_COLOUR = "#12436D"
COMPARATOR_COLOURS = ["#F46A25", "#28A197", "#801650"]
TARGET_COLOUR, LIMIT_COLOUR, QUIET = "#A285D1", "#3D3D3D", "#505a5f"
SIGNAL_FILLS = {"#28A197", "#801650", "#3D3D3D"}
# The markup has one decimal of a pixel.
NEAR = 0.12


def number_in(words: str) -> float | None:
    """“−3.2%” and “1,234” as numbers; None for words that are no figure."""
    found = re.match(r"£?([−-]?[\d,]+(?:\.\d+)?)(?=$|%| |;)", words)
    return float(found[1].replace(",", "").replace("−", "-")) if found else None


def numbers_in(words: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", words)]


def texts_in(value: Any) -> list[str]:
    """Every string of a figure, wherever it stands."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    return [text for each in value for text in texts_in(each)] if isinstance(value, list) else []


def columns_of(table: Any) -> list[list[tuple[str, str]]]:
    """Each column's cells with their period, without the rows of targets for later periods."""
    rows = [row for row in table.rows if not row[0].text.startswith("up to ")]
    return [[(row[0].text, row[place].text) for row in rows] for place in range(len(table.headers))]


def same_places(
    found: Sequence[float], expected: Sequence[float], *, in_order: bool = False
) -> bool:
    if not in_order:
        found, expected = sorted(found), sorted(expected)
    return len(found) == len(expected) and all(
        abs(a - b) <= NEAR for a, b in zip(found, expected, strict=True)
    )


class Plotted:
    """A line chart's Plotly figure."""

    def __init__(self, figure: dict[str, Any]) -> None:
        self.figure = figure
        lines = [one for one in figure["data"] if one["mode"] == "lines+markers"]
        self.lines = sorted(lines, key=lambda one: one["legendrank"])

    @property
    def line_names(self) -> list[str]:
        return [unescape(line["name"]) for line in self.lines]

    def _given(self, line: dict[str, Any]) -> list[tuple[str, float | None, str]]:
        """A place for each period: the empty ones that only part a line are left out."""
        triples = list(zip(line["x"], line["y"], line["text"], strict=True))
        return [
            triple
            for place, triple in enumerate(triples)
            if not (place + 1 < len(triples) and triples[place + 1][0] == triple[0])
        ]

    def values(self, line: dict[str, Any]) -> list[float | None]:
        return [value for _, value, _ in self._given(line)]

    def days(self, line: dict[str, Any]) -> list[str]:
        return [day for day, _, _ in self._given(line)]

    def hover_texts(self, line: dict[str, Any]) -> list[str]:
        return [text for _, _, text in self._given(line)]

    @property
    def missing(self) -> list[str]:
        return [text for one in self.figure["data"] if one["name"] == "no figure"
                for text in one["text"]]  # fmt: skip

    @property
    def targets(self) -> list[tuple[str, list[float]]]:
        return [
            (unescape(one["name"]).removeprefix("target: "), sorted(set(one["y"])))
            for one in self.figure["data"]
            if str(one["name"]).startswith("target: ")
        ]

    @property
    def limits(self) -> list[float]:
        """Average, lower and upper bound of each range, one after the other."""
        return [one["y"][0] for one in self.figure["data"] if one.get("legendgroup") == "limits"]

    @property
    def end_labels(self) -> list[str]:
        texts = [one for one in self.figure["data"] if one["mode"] == "text"]
        ordered = sorted(texts, key=lambda one: one["legendgroup"])
        return [unescape(one["text"][0].strip()) for one in ordered]


def runs_of(line: dict[str, Any]) -> list[list[tuple[date, float]]]:
    """What Plotly joins: it stops at every empty place."""
    runs: list[list[tuple[date, float]]] = [[]]
    for day, value in zip(line["x"], line["y"], strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((date.fromisoformat(day), value))
    return [run for run in runs if run]


def plot_places(
    plotted: Plotted, line: dict[str, Any], width: float, drawn: "Picture"
) -> list[float]:
    """Where Plotly puts each figure of a line across a picture of that width."""
    margin, axis = plotted.figure["layout"]["margin"], plotted.figure["layout"]["xaxis"]
    first, last = (date.fromisoformat(day) for day in axis["range"])
    room = width - margin["l"] - margin["r"]
    return [
        margin["l"] + (date.fromisoformat(day) - first).days / (last - first).days * room
        for day, value in zip(line["x"], line["y"], strict=True)
        if value is not None
    ]


@dataclass
class SmallPanel:
    label: str
    ends: list[tuple[float, float]] = field(default_factory=list)
    paths: list[list[tuple[float, float]]] = field(default_factory=list)
    dots: list[float] = field(default_factory=list)
    last: str = ""

    def height_of(self, value: float) -> float:
        (low, bottom), (high, top) = self.ends
        return bottom - (value - low) / (high - low) * (bottom - top)

    @property
    def heights(self) -> list[float]:
        """Of every figure: the vertices, and the dots that stand alone."""
        return [y for path in self.paths for _, y in path] + self.dots

    @property
    def joins(self) -> int:
        return sum(len(path) - 1 for path in self.paths)


class Picture:
    """An SVG read as what it shows."""

    def __init__(self, markup: str) -> None:
        root = ElementTree.fromstring(markup)
        self.nodes = [(node.tag.rpartition("}")[2], node.attrib, node.text or "")
                      for node in root.iter()][1:]  # fmt: skip

    @property
    def texts(self) -> list[str]:
        return [text for name, _, text in self.nodes if name == "text"]

    @cached_property
    def scale(self) -> list[tuple[float, float]]:
        """Value and height of each gridline, from the words beside it."""
        found = []
        for (name, line, _), (other, at, text) in zip(self.nodes, self.nodes[1:], strict=False):
            is_grid = name == "line" and line["y1"] == line["y2"] and line["stroke"] == "#d8dde0"
            value = number_in(text)
            if is_grid and other == "text" and value is not None and at.get("text-anchor") == "end":
                found.append((value, float(line["y1"])))
        return found

    def height_of(self, value: float) -> float:
        (low, bottom), (high, top) = self.scale[0], self.scale[-1]
        return bottom - (value - low) / (high - low) * (bottom - top)

    @property
    def top(self) -> float:
        return self.scale[-1][1] if self.scale else 0

    def _marks(self) -> list[tuple[str, dict[str, str], float, float]]:
        """Shapes in the plot with their middle; the key's, above it, are left out."""
        found = []
        for name, at, _ in self.nodes:
            if name == "circle":
                x, y = float(at["cx"]), float(at["cy"])
            elif name == "rect" and at["width"] == at["height"]:
                half = float(at["width"]) / 2
                x, y = float(at["x"]) + half, float(at["y"]) + half
            elif name == "polygon":
                corners = [tuple(map(float, pair.split(","))) for pair in at["points"].split()]
                xs = [corner[0] for corner in corners]
                ys = [corner[1] for corner in corners]
                x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
                if len(corners) == 10:
                    # A star is taller above its middle than below.
                    y = min(ys) + (max(ys) - min(ys)) * 1.2 / 2.17
            else:
                continue
            if y > self.top - 1:
                found.append((name, at, x, y))
        return found

    def marks(self, colour: str) -> list[tuple[float, float]]:
        """Open marks in a colour."""
        return [(x, y) for _, at, x, y in self._marks()
                if at.get("stroke") == colour and at["fill"] == "#ffffff"]  # fmt: skip

    @property
    def own_marks(self) -> list[tuple[float, float]]:
        """Ours, ordinary, provisional or with a signal; not the ring around one."""
        return [
            (x, y)
            for name, at, x, y in self._marks()
            if (name == "circle" and at.get("stroke") == OWN_COLOUR)
            or (name == "polygon" and at["fill"] in SIGNAL_FILLS)
        ]

    @property
    def missing_marks(self) -> list[tuple[float, float]]:
        return [(x, y) for name, at, x, y in self._marks()
                if name == "circle" and at.get("stroke") == QUIET and at["r"] == "4.5"]  # fmt: skip

    def paths(self, colour: str) -> list[list[tuple[float, float]]]:
        return [
            [(float(x), float(y)) for x, y in (pair.split(",") for pair in at["points"].split())]
            for name, at, _ in self.nodes
            if name == "polyline" and at["stroke"] == colour
        ]

    @property
    def targets(self) -> list[list[float]]:
        """The heights of each target's bounds."""
        found = []
        for name, at, _ in self.nodes:
            if name == "rect" and at.get("fill") == TARGET_COLOUR:
                heights = [float(at["y"]), float(at["y"]) + float(at["height"])]
            elif name == "line" and at.get("stroke") == TARGET_COLOUR:
                heights = [float(at["y1"])]
            else:
                continue
            if min(heights) > self.top - 1:
                found.append(heights)
        return found

    @property
    def target_heights(self) -> list[float]:
        return [y for heights in self.targets for y in heights]

    @property
    def limit_heights(self) -> list[float]:
        heights = [float(at["y1"]) for name, at, _ in self.nodes
                   if name == "line" and at["stroke"] == LIMIT_COLOUR]  # fmt: skip
        return [y for y in heights if y > self.top - 1]

    def ticks_of(self, colour: str) -> list[float]:
        """Where the upright lines in a colour stand."""
        return [float(at["x1"]) for name, at, _ in self.nodes
                if name == "line" and at["stroke"] == colour and at["x1"] == at["x2"]]  # fmt: skip

    def panels(self) -> list[SmallPanel]:
        """The small charts in order: a name, the scale's ends, the line, its last value."""
        found: list[SmallPanel] = []
        before = ""
        circles: list[float] = []
        for name, at, text in self.nodes:
            is_bold = name == "text" and at.get("font-weight") == "bold"
            if is_bold and before == "circle":
                found[-1].last, found[-1].dots = text, circles[:-1]
            elif is_bold and before == "bold":
                found[-1].label += f" {text}"
            elif is_bold:
                found.append(SmallPanel(text))
                circles = []
            elif name == "text" and before == "line":
                found[-1].ends.append((number_in(text), self._line_height))
            elif name == "polyline":
                found[-1].paths.append(
                    [(float(x), float(y))
                     for x, y in (pair.split(",") for pair in at["points"].split())]
                )  # fmt: skip
            elif name == "circle":
                circles.append(float(at["cy"]))
            if name == "line":
                self._line_height = float(at["y1"])
            before = "bold" if is_bold and before != "circle" else name
        return found


def picture_of(markup: str) -> Picture:
    """Raises ParseError for markup that is not well formed: a text that was not escaped."""
    return Picture(markup)
