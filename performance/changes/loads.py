"""What is done with a screened file instead of loading it."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from performance.clock import wall_clock
from performance.models import Load


@transaction.atomic
def discard_load(*, load: Load, by: AbstractBaseUser) -> bool:
    """Whether it was discarded now: its bytes go, its report stays, with who discarded it and when.

    False where it no longer waits to be loaded, or the command is at work on it.
    """
    held = Load.objects.select_for_update(of=("self",)).defer("content").get(pk=load.pk)
    if held.state != Load.State.SCREENED or held.received_by_id is None:
        return False
    held.state = Load.State.LAPSED
    held.content = None
    held.options = {
        **held.options,
        "discarded_by": by.get_username(),
        "discarded_at": wall_clock().isoformat(),
    }
    held.save(update_fields=["state", "content", "options"])
    return True
