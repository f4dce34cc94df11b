"""What a page prints of figures and targets."""

from performance.presenters.figures import (
    TargetLine,
    format_measurement,
    make_target_line,
    make_target_text,
)

__all__ = ["TargetLine", "format_measurement", "make_target_line", "make_target_text"]
