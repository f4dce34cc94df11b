"""What every Plotly figure shares."""

import json
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

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


def plotly_figure(
    traces: list[Any], *, height: float, margin: Mapping[str, float] = MARGIN, **layout: Any
) -> dict[str, Any]:
    """The figure as plain data for json_script. Raises ValueError for an undrawable trace."""
    if unknown := {trace.type for trace in traces} - DRAWABLE:
        raise ValueError(f"plotly's basic bundle cannot draw {', '.join(sorted(unknown))}.")
    figure = go.Figure(traces)
    figure.update_layout(
        template=None,
        height=height,
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        font={"family": "Arial, Helvetica, sans-serif", "size": 14, "color": "#0b0c0c"},
        hoverlabel={"font": {"size": 15}},
        margin=margin,
        **layout,
    )
    # By way of JSON: the figure's own dict holds arrays that json_script cannot write.
    return json.loads(figure.to_json())
