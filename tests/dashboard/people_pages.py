"""Whom the tests of the administrator's pages are about, and where those pages are."""

from dashboard.models import User
from dashboard.roles import ROLES
from improvement.models import Theme


def person(name="officer") -> User:
    return User.objects.get(username=name)


def where(page="", name="officer") -> str:
    return f"/people/{person(name).pk}/{page}"


def role(slug):
    return next(role for role in ROLES if role.slug == slug)


def theme(slug="workforce") -> Theme:
    return Theme.objects.get(slug=slug)
