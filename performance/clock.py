"""The one place that asks what day it is and what time."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def today() -> date:
    return settings.POSITION_DATE or timezone.localdate()


def start_of_day(day: date) -> datetime:
    """The first instant of `day`, Europe/London."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def end_of_day(day: date) -> datetime:
    """The last instant of `day`, Europe/London."""
    following = datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())
    return following - timedelta(microseconds=1)


def now() -> datetime:
    """With POSITION_DATE set, the end of that day: what a visitor saves shows at once."""
    return end_of_day(settings.POSITION_DATE) if settings.POSITION_DATE else timezone.now()


def moment() -> datetime:
    """The instant from which what is saved now is known.

    With POSITION_DATE set, that day at the present time of day: what is saved twice then has two
    versions, one after the other, and both show at once.
    """
    present = timezone.localtime()
    if settings.POSITION_DATE is None:
        return present
    return datetime.combine(settings.POSITION_DATE, present.time(), present.tzinfo)


def wall_clock() -> datetime:
    """The present instant, whatever POSITION_DATE says: for what is kept for some hours only."""
    return timezone.now()
