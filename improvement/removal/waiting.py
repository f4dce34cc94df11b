"""What waits for a moment and is dropped whole when it holds the words."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from django.contrib.sessions.models import Session
from django.db.models import Model

from improvement.models import PlanLoad, Removal, SealedText
from improvement.removal.matching import Words
from improvement.removal.registry import Waiting
from performance.models import Load

OF_SIGNING_IN = ("_auth", "_csrf", "account_", "mfa", "socialaccount", "signed_in", "seen_at")
# A workbook that unpacks to more than this is not looked into, and counts as holding the words.
MOST_UNPACKED = 200_000_000
HELD = (
    "The file holds words that are being looked at for personal information. It can be loaded if "
    "they are put back, and is dropped if they are taken out."
)


def bytes_hold(words: Words, content: bytes) -> bool:
    """Whether a file, a CSV or a workbook, holds the words; one that cannot be read is taken to."""
    if not content.startswith(b"PK"):
        return any(words.found_in(content.decode(it, "replace")) for it in ("utf-8", "cp1252"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                return True
            return any(
                words.found_in(packed.read(part).decode("utf-8", "replace"))
                for part in packed.infolist()
            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        return True


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


def _loads(words: Words) -> list[int]:
    waiting = Load.objects.filter(content__isnull=False).values_list("pk", "content")
    return [number for number, content in waiting if bytes_hold(words, bytes(content or b""))]


def _discard_loads(words: Words) -> int:
    """They lapse, as when nobody had loaded them for a day; their reports are texts."""
    found = Load.objects.filter(pk__in=_loads(words))
    return found.update(state=Load.State.LAPSED, content=None)


def _plan_loads(words: Words) -> list[int]:
    waiting = PlanLoad.objects.filter(content__isnull=False).values_list("pk", "content")
    return [number for number, content in waiting if bytes_hold(words, bytes(content or b""))]


def _discard_plan_loads(words: Words) -> int:
    """With their reports, which say again what the file said."""
    found = PlanLoad.objects.filter(pk__in=_plan_loads(words))
    return found.update(state=PlanLoad.State.DISCARDED, content=None, report={})


def why_held(load: Model, content: bytes) -> str:
    """Why the file may not be loaded while a removal is undecided; empty where none is about it.
    Reading it would print again what was hidden of its report, and loading it spread the words."""
    table = load._meta.db_table
    sealed = SealedText.objects.filter(original__isnull=False, table=table, row=load.pk)
    undecided = Removal.objects.undecided()
    if sealed.exists() or any(bytes_hold(Words(each.words), content) for each in undecided):
        return HELD
    return ""


SESSIONS = Waiting(
    "sign-in session", lambda words: len(_sessions(words)), _end_sessions, at_once=True
)
LOADS = Waiting("file of figures not loaded yet", lambda words: len(_loads(words)), _discard_loads)
PLAN_LOADS = Waiting(
    "spreadsheet of the plan not loaded yet",
    lambda words: len(_plan_loads(words)),
    _discard_plan_loads,
)
