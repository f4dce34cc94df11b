"""What every Plotly figure shares."""

import json
from typing import Any

import plotly.graph_objects as go

# The basic bundle draws an unknown trace as an empty chart without saying so.
DRAWABLE = {"bar", "scatter", "pie"}
SYMBOLS = {
    "circle": "circle", "square": "square", "triangle": "triangle-up", "diamond": "diamond",
}  # fmt: skip


def plotly_figure(traces: list[Any], *, height: int, **layout: Any) -> dict[str, Any]:
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
        margin={"l": 10, "r": 10, "t": 34, "b": 10},
        **layout,
    )
    # By way of JSON: the figure's own dict holds arrays that json_script cannot write.
    return json.loads(figure.to_json())
