"""What every Plotly figure shares."""

from collections.abc import Mapping, Sequence
from typing import Any

Trace = dict[str, Any]

# The basic bundle draws an unknown trace as an empty chart without saying so.
DRAWABLE = {"bar", "scatter", "pie"}
SYMBOLS = {
    "circle": "circle", "square": "square", "triangle": "triangle-up", "diamond": "diamond",
    "triangle-down": "triangle-down", "star": "star", "x": "x", "plus": "cross",
}  # fmt: skip
MARGIN = {"l": 10, "r": 10, "t": 34, "b": 10}


def escape(words: str) -> str:
    """The words as Plotly prints them letter by letter: it reads some HTML in every text."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def scatter(**given: Any) -> Trace:
    return {"type": "scatter", **given}


def bar_trace(**given: Any) -> Trace:
    return {"type": "bar", **given}


def plotly_figure(
    traces: Sequence[Trace], *, height: float, margin: Mapping[str, float] = MARGIN, **layout: Any
) -> dict[str, Any]:
    """The figure as plain data for json_script. Raises ValueError for an undrawable trace.

    Plotly's own classes would check every value on every request, which took a tenth of the
    overview's time; a test has them check each kind of chart instead.
    """
    if unknown := {trace["type"] for trace in traces} - DRAWABLE:
        raise ValueError(f"plotly's basic bundle cannot draw {', '.join(sorted(unknown))}.")
    return {
        "data": list(traces),
        "layout": {
            "template": {},
            "height": height,
            "paper_bgcolor": "#ffffff",
            "plot_bgcolor": "#ffffff",
            "font": {"family": "Arial, Helvetica, sans-serif", "size": 14, "color": "#0b0c0c"},
            "hoverlabel": {"font": {"size": 15}},
            "margin": dict(margin),
            **layout,
        },
    }
