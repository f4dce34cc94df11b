"""What a figure names is there, and stays while a figure names it: kept by the database itself."""

import threading

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction

from performance.models import Area, Load, Measurement, Series
from tests.constraints import refused_by

NOWHERE = 2**40
PUT_IN = """
INSERT INTO performance_measurement (
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, note, known_from, known_from_basis, is_provisional, is_revised,
    is_estimated, is_undated, is_series_break
) VALUES (
    %s, %s, '2016-01-01', '2016-01-01', '1 January 2016', 1, '', '', '', '2016-01-02', 'stated',
    false, false, false, false, false
)
"""


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["series", "area", "load"])
def test_a_figure_cannot_name_what_is_not_there(column):
    figure = Measurement.objects.first()
    refused = refused_by(figure, **{f"{column}_id": NOWHERE, "period_label": "new"},
                         period_start="1990-01-01", period_end="1990-12-31")  # fmt: skip
    assert refused == f"performance_measurement_{column}_is_there"


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["series", "area", "load"])
def test_a_figure_cannot_be_given_to_what_is_not_there(column):
    figure = Measurement.objects.first()
    with pytest.raises(IntegrityError, match="that is not there"), transaction.atomic():
        Measurement.objects.filter(pk=figure.pk).update(**{f"{column}_id": NOWHERE})


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "column"), [(Series, "series"), (Area, "area"), (Load, "load")])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000000"])
def test_what_a_figure_names_stays(model, column, change):
    named = Measurement.objects.exclude(load=None).values_list(f"{column}_id", flat=True)[0]
    with (
        pytest.raises(IntegrityError, match="on record"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{change.format(model._meta.db_table)} WHERE id = %s", [named])


@pytest.mark.django_db
def test_what_no_figure_names_may_go():
    series = Series.objects.first()
    series.pk, series.code = None, "of-nothing"
    series.save()
    assert series.delete()[0] == 1


@pytest.mark.django_db
def test_a_series_cannot_go_while_another_puts_its_first_figure_in():
    """Whoever removes it waits for the figure, and then finds it. Two connections of their own,
    which leave nothing behind."""
    series = Series.objects.filter(measurements__isnull=True).first()
    putting, removing = (psycopg2.connect(**connection.get_connection_params()) for _ in range(2))
    outcome = []

    def remove():
        try:
            removing.cursor().execute("DELETE FROM performance_series WHERE id = %s", [series.pk])
            outcome.append("removed")
        except psycopg2.IntegrityError as refused:
            outcome.append(refused.diag.constraint_name)
        removing.rollback()

    remover = threading.Thread(target=remove)
    try:
        putting.cursor().execute(PUT_IN, [series.pk, Area.objects.first().pk])
        remover.start()
        remover.join(timeout=0.5)
        assert outcome == []
        putting.commit()
        remover.join()
        assert outcome == ["performance_measurement_series_is_there"]
    finally:
        putting.rollback()
        putting.cursor().execute(
            "DELETE FROM performance_measurement WHERE series_id = %s", [series.pk]
        )
        putting.commit()
        putting.close()
        remover.join()
        removing.close()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["series", "area", "load"])
def test_nothing_named_goes_where_a_figure_put_in_since_is_not_seen(table):
    """Above “read committed” the look for figures would miss one of another transaction."""
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.set_session(isolation_level="REPEATABLE READ")
        with other.cursor() as cursor, pytest.raises(psycopg2.IntegrityError, match="committed"):
            cursor.execute(f"DELETE FROM performance_{table} WHERE id = %s", [NOWHERE])
    finally:
        other.close()
