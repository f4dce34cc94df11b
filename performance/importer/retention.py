"""How long the bytes of a file are kept that was given and not loaded."""

from datetime import timedelta

from django.utils import timezone

from performance.models import Load

KEPT_FOR = timedelta(hours=24)


def lapse_old_uploads() -> int:
    """Forgets the bytes of files that were given a day ago and not loaded; how many there were.

    By the real clock: what stands on a day is the figures, not the promise to forget.
    """
    old = Load.objects.filter(state=Load.State.SCREENED, received_at__lt=timezone.now() - KEPT_FOR)
    return old.update(state=Load.State.LAPSED, content=None)
