"""Forms by which a data admin keeps the reference data, by noun."""

from performance.forms.comparators import ComparatorAddForm, ComparatorChangeForm
from performance.forms.indicators import (
    IndicatorAddForm,
    IndicatorChangeForm,
    PanelSetForm,
    SeriesAddForm,
    SeriesChangeForm,
)
from performance.forms.opened import WithReason
from performance.forms.targets import TargetChangeForm, TargetSetForm, TargetWithdrawForm

__all__ = [
    "ComparatorAddForm",
    "ComparatorChangeForm",
    "IndicatorAddForm",
    "IndicatorChangeForm",
    "PanelSetForm",
    "SeriesAddForm",
    "SeriesChangeForm",
    "TargetChangeForm",
    "TargetSetForm",
    "TargetWithdrawForm",
    "WithReason",
]
