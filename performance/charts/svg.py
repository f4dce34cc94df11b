"""Writes SVG with presentation attributes only: a strict content policy refuses style=."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Pattern = Literal["solid", "hatch", "outline"]
INK, QUIET, LINE = "#0b0c0c", "#505a5f", "#d8dde0"
WIDE, NARROW = 760, 343


@dataclass(frozen=True)
class Tone:
    """How a category is painted: a colour and, so that it is never colour alone, a pattern."""

    colour: str
    pattern: Pattern = "solid"
    ink: str = "#ffffff"


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; `content` is markup already, attributes are escaped here. `_` stands for `-`."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text(words: str, x: float, y: float, **attributes: object) -> str:
    attributes.setdefault("fill", INK)
    attributes.setdefault("font_size", 14)
    return tag("text", escape(words), x=x, y=y, **attributes)


def edged_text(words: str, x: float, y: float, **attributes: object) -> str:
    """Words with a white edge, legible where a line or a band runs behind them."""
    edge = {"stroke": "#ffffff", "stroke_width": 4, "paint_order": "stroke"}
    return text(words, x, y, **edge, **attributes)


def lines_of(words: str, width: float, font_size: float) -> list[str]:
    """The words broken so that each line fits `width`; a letter is about 0.55 of its size wide."""
    room = max(int(width / (font_size * 0.55)), 4)
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def text_block(words: str, x: float, y: float, width: float, **attributes: object) -> str:
    """Several lines, the first at `y`."""
    size = float(str(attributes.get("font_size", 14)))
    return "".join(
        text(line, x, y + place * size * 1.2, **attributes)
        for place, line in enumerate(lines_of(words, width, size))
    )


def picture(width: float, height: float, content: Sequence[str]) -> str:
    """The whole drawing. Assistive technology reads the sentence and the table instead."""
    return tag(
        "svg",
        "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(float(width))} {_number(float(height))}",
        width=width,
        height=height,
        font_family="Arial, Helvetica, sans-serif",
        aria_hidden="true",
        focusable="false",
    )


def hatch(identity: str, colour: str) -> str:
    """The definition of a diagonal hatch, to be filled with `url(#identity)`."""
    stripe = tag("rect", width=4, height=8, fill=colour)
    ground = tag("rect", width=8, height=8, fill="#ffffff")
    pattern = tag(
        "pattern",
        ground + stripe,
        id=identity,
        width=7,
        height=8,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return tag("defs", pattern)


def block(tone: Tone, identity: str, x: float, y: float, width: float, height: float) -> str:
    """A rectangle in a tone; `identity` names the hatch of this drawing."""
    fill = {
        "solid": tone.colour,
        "hatch": f"url(#{identity}-{tone.colour.lstrip('#')})",
        "outline": "#ffffff",
    }[tone.pattern]
    stroke = QUIET if tone.pattern == "outline" else tone.colour
    return tag(
        "rect", x=x, y=y, width=max(width, 1.0), height=height, fill=fill, stroke=stroke,
        stroke_width=1,
    )  # fmt: skip


def hatches(identity: str, tones: Sequence[Tone]) -> str:
    colours = sorted({tone.colour for tone in tones if tone.pattern == "hatch"})
    return "".join(hatch(f"{identity}-{colour.lstrip('#')}", colour) for colour in colours)


Shape = Literal["circle", "square", "triangle", "triangle-down", "diamond", "star", "x", "plus"]
STAR = [(0, -1.2), (0.3, -0.4), (1.14, -0.37), (0.48, 0.15), (0.7, 0.97), (0, 0.5),
        (-0.7, 0.97), (-0.48, 0.15), (-1.14, -0.37), (-0.3, -0.4)]  # fmt: skip
PLUS = [(-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35), (0.35, 1),
        (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35)]  # fmt: skip
# Corners in half sizes from the middle, clockwise.
CORNERS: dict[str, list[tuple[float, float]]] = {
    "triangle": [(0, -1), (1, 1), (-1, 1)],
    "triangle-down": [(0, 1), (-1, -1), (1, -1)],
    "diamond": [(0, -1), (1, 0), (0, 1), (-1, 0)],
    "star": STAR,
    "plus": PLUS,
    # A plus on its side: an eighth of a turn.
    "x": [((a - b) * 0.78, (a + b) * 0.78) for a, b in PLUS],
}


def mark(
    shape: Shape, x: float, y: float, size: float, fill: str, stroke: str = INK, line: float = 1.5
) -> str:
    half = size / 2
    drawn = {"fill": fill, "stroke": stroke, "stroke_width": line}
    if shape == "circle":
        return tag("circle", cx=x, cy=y, r=half, **drawn)
    if shape == "square":
        return tag("rect", x=x - half, y=y - half, width=size, height=size, **drawn)
    points = " ".join(
        f"{_number(float(x + a * half))},{_number(float(y + b * half))}" for a, b in CORNERS[shape]
    )
    return tag("polygon", points=points, **drawn)


def path(points: Sequence[tuple[float, float]], **attributes: object) -> str:
    """A line through the points, without a fill."""
    drawn = " ".join(f"{_number(float(x))},{_number(float(y))}" for x, y in points)
    return tag("polyline", points=drawn, fill="none", **attributes)
