"""The lists that a reader sorts, filters and takes away."""

from dashboard.tables.actions import ActionExportTable, ActionFilterForm, ActionTable
from dashboard.tables.indicators import (
    FigureExportTable,
    IndicatorExportTable,
    IndicatorFilterForm,
    IndicatorTable,
)
from performance.exports import SafeExport, export_asked

__all__ = [
    "ActionExportTable",
    "ActionFilterForm",
    "ActionTable",
    "FigureExportTable",
    "IndicatorExportTable",
    "IndicatorFilterForm",
    "IndicatorTable",
    "SafeExport",
    "export_asked",
]
