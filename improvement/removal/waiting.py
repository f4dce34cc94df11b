"""What waits for a moment and is dropped whole when it holds the words."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from django.contrib.sessions.models import Session
from django.db.models import Model

from improvement.models import PlanLoad, Removal, SealedText
from improvement.removal.matching import Words
from improvement.removal.reading import MOST_UNPACKED, file_holds
from improvement.removal.registry import Waiting
from performance.models import Load

OF_SIGNING_IN = ("_auth", "_csrf", "account_", "mfa", "socialaccount", "signed_in", "seen_at")
HELD = (
    "The file holds words that are being looked at for personal information, or cannot be looked "
    "through for them: a workbook that is broken, or that unpacks to more than "
    f"{MOST_UNPACKED // 10**6} MB, which can be given as a CSV instead. It can be loaded if they "
    "are put back, and is dropped if they are taken out."
)


def bytes_hold(words: Words, content: bytes) -> bool:
    return file_holds([words], io.BytesIO(content))


def _sessions(words: Words) -> list[str]:
    """Keys of the sessions whose message or form, kept for the next page, holds the words. Who
    signed in and how, and what the site calls what it keeps, is nothing that anybody typed."""
    found: Iterator[Session] = Session.objects.iterator()
    return [
        session.session_key
        for session in found
        if words.found_within(
            [
                kept
                for name, kept in session.get_decoded().items()
                if not name.startswith(OF_SIGNING_IN)
            ],
            in_names=False,
        )
    ]


def _end_sessions(words: Words) -> int:
    return Session.objects.filter(pk__in=_sessions(words)).delete()[0]


def _that_hold(model: type[Model], words: Words) -> list[int]:
    """One file after the other: each may be large."""
    waiting = model._base_manager.filter(content__isnull=False).order_by("pk")
    contents = waiting.values_list("pk", "content").iterator(chunk_size=1)
    return [number for number, content in contents if bytes_hold(words, bytes(content))]


def _loads(words: Words) -> list[int]:
    return _that_hold(Load, words)


def _discard_loads(words: Words) -> int:
    """They lapse, as when nobody had loaded them for a day; their reports are texts."""
    found = Load.objects.filter(pk__in=_loads(words), state=Load.State.SCREENED)
    return found.update(state=Load.State.LAPSED, content=None)


def _plan_loads(words: Words) -> list[int]:
    return _that_hold(PlanLoad, words)


def _discard_plan_loads(words: Words) -> int:
    """With their reports, which say again what the file said."""
    found = PlanLoad.objects.filter(pk__in=_plan_loads(words), state=PlanLoad.State.SCREENED)
    return found.update(state=PlanLoad.State.DISCARDED, content=None, report={})


def why_held(content: BinaryIO, load: Model | None) -> str:
    """Why the file may not be loaded while a removal is undecided; empty where none is about it.
    Reading it would print again what was hidden of its report, and loading it spread the words."""
    if load is not None and _is_sealed(load):
        return HELD
    sought = [Words(each.words) for each in Removal.objects.undecided()]
    return HELD if sought and file_holds(sought, content) else ""


def _is_sealed(load: Model) -> bool:
    sealed = SealedText.objects.waiting().filter(table=load._meta.db_table)
    return sealed.filter(row=load.pk).exists()


SESSIONS = Waiting(
    "sign-in session", lambda words: len(_sessions(words)), _end_sessions, at_once=True
)
LOADS = Waiting("file of figures not loaded yet", lambda words: len(_loads(words)), _discard_loads)
PLAN_LOADS = Waiting(
    "spreadsheet of the plan not loaded yet",
    lambda words: len(_plan_loads(words)),
    _discard_plan_loads,
)
