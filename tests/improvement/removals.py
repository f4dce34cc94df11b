"""Asking for personal information to be taken out, and deciding, as a person would."""

import json

from django.apps import apps

from improvement.changes import ask_removal, confirm_removal, decline_removal
from improvement.models import print_of
from tests.improvement.conftest import NAME, NOW, ON

HIDDEN = "Hidden on 5 October 2016: being looked at for personal information"
REMOVED = "Removed on 5 October 2016: personal information"
LIST = "/plan/removals/"
SAID = {"words": NAME, "reason": "It names a child."}


def ask(by, said=NAME, reason="It names a child."):
    return ask_removal(words=said, reason=reason, by=by, on=ON, now=NOW)


def confirm(removal, by, reason="It does."):
    read = print_of(removal.texts.all())
    return confirm_removal(removal=removal, read=read, reason=reason, by=by, on=ON, now=NOW)


def decline(removal, by, reason="It is the name of a street."):
    return decline_removal(removal=removal, reason=reason, by=by, now=NOW)


def page_of(removal):
    return f"{LIST}{removal.pk}/"


def everything() -> str:
    """All that the database holds in any table, as text; but for people's own sessions."""
    return json.dumps(
        [list(model._base_manager.values()) for model in apps.get_models()], default=str
    ).casefold()
