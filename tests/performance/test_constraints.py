"""Every rule that the database keeps of figures and their sources, broken once."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from performance.models import (
    Annotation,
    Area,
    AreaCode,
    ComparatorMember,
    Indicator,
    Load,
    Measurement,
    PeriodLock,
    ReferenceEvent,
    Series,
    SeriesLink,
    Target,
)
from tests.constraints import constraint_names, refused_by

pytestmark = pytest.mark.django_db

LONG_AGO = date(1990, 1, 1)


def first(model):
    return lambda: model.objects.first()


def replaced_at_once(row):
    return row.known_from


def made_from_twice():
    first_two = Series.objects.order_by("pk")[:2]
    return SeriesLink.objects.create(series=first_two[0], of=first_two[1], role="made_from")


def a_part():
    return SeriesLink.objects.filter(role="part_of").first()


def another_series(link):
    return Series.objects.exclude(pk__in=[link.series_id, link.of_id]).first().pk


def an_event():
    return ReferenceEvent.objects.create(
        by=a_data_admin(), kind="indicator", key="x",
        done="changed", before={"title": "Old"}, after={"title": "New"}, reason="A slip.",
    )  # fmt: skip


def a_data_admin():
    return get_user_model().objects.get(username="data-admin")


def a_published_load():
    return Load.objects.filter(format="published").first()


def an_own_load():
    load = a_published_load()
    load.pk, load.format = None, "own"
    load.save()
    return load


def a_lock():
    return PeriodLock.objects.create(
        period_start=date(2016, 7, 1), period_end=date(2016, 9, 30), reason="Published.",
        locked_by=a_data_admin(),
    )  # fmt: skip


def an_annotation():
    figure = Measurement.objects.first()
    return Annotation.objects.create(
        kind="value", area=figure.area, series=figure.series, period_start=figure.period_start,
        period_end=figure.period_end, period_label=figure.period_label, words="Counted late.",
        known_from=figure.known_from, known_from_basis="stated", made_by=a_data_admin(),
    )  # fmt: skip


# What refuses, of what row, changed how. A function is asked when the test runs.
CASES = [
    ("area_code_is_three_digits", first(Area), {"code": "ab1"}),
    ("areacode_once_per_area", first(AreaCode), {}),
    ("comparator_one_per_rank", first(ComparatorMember),
     {"area_id": lambda row: Area.objects.exclude(neighbour_of__for_area=row.for_area)
      .exclude(pk=row.for_area_id).first().pk}),
    ("comparator_area_once", first(ComparatorMember), {"rank": 99}),
    ("comparator_not_itself", first(ComparatorMember), {"area_id": lambda row: row.for_area_id}),
    ("indicator_polarity_is_known", first(Indicator), {"code": "new", "polarity": "up"}),
    ("indicator_key_is_in_panel_set", first(Indicator),
     {"code": "new", "is_key": True, "in_panel_set": False}),
    ("indicator_tolerance_not_negative", first(Indicator), {"code": "new", "tolerance": -1}),
    ("series_local_rule_has_a_threshold", first(Series),
     {"code": "new", "suppression": "local_threshold", "threshold": None}),
    ("serieslink_role_is_known", first(SeriesLink), {"role": "beside", "breakdown": ""}),
    ("serieslink_once", first(SeriesLink), {}),
    ("serieslink_one_numerator_and_denominator", made_from_twice, {"of_id": another_series}),
    ("serieslink_not_to_itself", first(SeriesLink), {"of_id": lambda row: row.series_id}),
    ("serieslink_only_parts_have_a_breakdown", a_part, {"breakdown": ""}),
    ("series_local_rule_has_a_threshold", first(Series),
     {"code": "new", "suppression": "local_threshold", "threshold": 1}),
    ("load_sha256_is_hex", first(Load), {"sha256": "x" * 64}),
    ("load_state_is_known", first(Load), {"state": "half"}),
    ("load_format_is_known", first(Load), {"format": "telegram"}),
    ("load_loaded_has_its_instants", first(Load), {"format": "folder", "loaded_at": None}),
    ("load_keeps_bytes_only_while_screened", first(Load), {"format": "folder", "content": b"x"}),
    ("load_withdrawal_has_a_reason", a_published_load,
     {"format": "withdrawal", "withdraws_id": lambda row: row.pk, "reason": ""}),
    ("load_file_once", an_own_load, {}),
    ("series_lowest_not_above_highest", first(Series), {"code": "new", "lowest": 2, "highest": 1}),
    ("periodlock_starts_before_it_ends", a_lock, {"period_start": date(2017, 1, 1)}),
    ("periodlock_has_a_reason", a_lock, {"reason": ""}),
    ("periodlock_lifted_whole", a_lock, {"lifted_reason": "A slip."}),
    ("annotation_known_until_after_known_from", an_annotation,
     {"known_until": replaced_at_once, "closed_by_id": lambda row: row.made_by_id,
      "closed_reason": "A slip."}),
    ("annotation_period_starts_before_it_ends", an_annotation, {"period_end": LONG_AGO}),
    ("annotation_kind_is_known", an_annotation, {"kind": "rumour"}),
    ("annotation_has_words", an_annotation, {"words": ""}),
    ("annotation_only_a_period_has_no_series", an_annotation, {"series_id": None}),
    ("annotation_closed_whole", an_annotation, {"closed_reason": "A slip."}),
    ("measurement_known_until_after_known_from", first(Measurement),
     {"known_until": replaced_at_once}),
    ("measurement_period_starts_before_it_ends", first(Measurement), {"period_end": LONG_AGO}),
    ("measurement_value_or_symbol", first(Measurement), {"value": 1, "symbol": "missing"}),
    ("measurement_value_or_symbol", first(Measurement), {"value": None, "symbol": ""}),
    ("measurement_symbol_is_known", first(Measurement), {"value": None, "symbol": "nonsense"}),
    ("measurement_one_current", first(Measurement), {}),
    ("measurement_denominator_not_negative", first(Measurement), {"denominator": -1}),
    ("target_known_until_after_known_from", first(Target), {"known_until": replaced_at_once}),
    ("target_period_starts_before_it_ends", first(Target), {"period_end": LONG_AGO}),
    ("target_one_current", first(Target), {}),
    ("target_has_a_bound", first(Target), {"low": None, "high": None}),
    ("referenceevent_kind_is_known", an_event, {"kind": "meeting"}),
    ("referenceevent_done_is_known", an_event, {"done": "removed"}),
    ("referenceevent_has_a_reason", an_event, {"reason": ""}),
    ("referenceevent_holds_a_change", an_event, {"after": {"title": "Old"}}),
    ("target_low_not_above_high", first(Target), {"low": 2, "high": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "find", "changes"), CASES)
def test_the_database_refuses(name, find, changes):
    row = find()
    made = {field: value(row) if callable(value) else value for field, value in changes.items()}
    assert refused_by(row, **made) == f"performance_{name}"


def test_an_indicator_is_no_part_of_itself():
    with pytest.raises(IntegrityError, match="not_part_of_itself"), transaction.atomic():
        Indicator.objects.update(part_of=F("id"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE performance_referenceevent SET reason = 'x'",
        "DELETE FROM performance_referenceevent",
    ],
)
def test_an_event_is_kept_from_the_tables_owner_too(change):
    an_event()
    with (
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert refused.value.__cause__.diag.constraint_name == "performance_referenceevent_append_only"


def test_every_constraint_has_its_case():
    cases = {f"performance_{name}" for name, _, _ in CASES}
    assert constraint_names("performance") - cases == {"performance_indicator_not_part_of_itself"}
