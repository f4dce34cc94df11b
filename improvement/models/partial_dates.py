"""The closed sets behind dates that say no more than their source."""

from django.db import models


class DatePrecision(models.TextChoices):
    DAY = "day", "to the day"
    MONTH = "month", "to the month"
    YEAR = "year", "to the year"
    WORDS = "words", "in words"


class CalendarPrecision(models.TextChoices):
    """Of a date that has no column for words beside it."""

    DAY = "day", "to the day"
    MONTH = "month", "to the month"
    YEAR = "year", "to the year"


class DateBasis(models.TextChoices):
    STATED = "stated", "stated in the paper"
    BY_REPORT = "by_report", "by the report's date"
    NOT_STATED = "not_stated", "not stated"
