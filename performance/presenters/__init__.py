"""What a page prints of figures and targets."""

from performance.presenters.figures import (
    FigureLine,
    SeriesFigures,
    TargetLine,
    format_measurement,
    make_figure_line,
    make_series_figures,
    make_target_line,
    make_target_text,
)

__all__ = [
    "FigureLine",
    "SeriesFigures",
    "TargetLine",
    "format_measurement",
    "make_figure_line",
    "make_series_figures",
    "make_target_line",
    "make_target_text",
]
