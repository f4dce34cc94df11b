"""Forms by which reference data is kept and figures are explained, by noun."""

from performance.forms.annotations import AnnotationAddForm, AnnotationCloseForm
from performance.forms.asking import AsksBeforeSending
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
    "AnnotationAddForm",
    "AnnotationCloseForm",
    "AsksBeforeSending",
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
