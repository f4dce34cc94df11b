"""What every Plotly figure shares."""

import json
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

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
    # Trace by trace, and the layout at once: a go.Figure checks everything twice and copies it,
    # which took a third of the overview's time.
    made = go.Layout(
        height=height,
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        font={"family": "Arial, Helvetica, sans-serif", "size": 14, "color": "#0b0c0c"},
        hoverlabel={"font": {"size": 15}},
        margin=margin,
        **layout,
    )
    figure = {
        "data": [trace.to_plotly_json() for trace in traces],
        "layout": {"template": {}, **made.to_plotly_json()},
    }
    # By way of JSON: these hold arrays that json_script cannot write.
    return json.loads(json.dumps(figure, cls=PlotlyJSONEncoder))
