"""How a file that is sent to the site is taken in: in memory, and no more of it than is allowed."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest

MOST_MEGABYTES = 20
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
# What stands around the file in a form, and the form's other boxes.
AROUND = 256 * 1024
# A browser that is still sending reads no answer: what is too large is read to its end and thrown
# away, but not without an end.
MOST_THROWN_AWAY = 10 * MOST_BYTES


class InMemory(MemoryFileUploadHandler):
    """Keeps the file in memory, so that no figure of a child lies about on a disk.

    A request that is too large is cut before its file: the boxes before the file are there, the
    file is not, and `is_too_large` says why.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.whole = content_length
        self.activated = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.whole > MOST_BYTES + AROUND:
            raise StopUpload(connection_reset=self.whole > MOST_THROWN_AWAY)
        super().new_file(*args, **kwargs)


def is_too_large(request: HttpRequest) -> bool:
    """Whether more was sent than a file may hold, so that it was not read."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    return sent.isdecimal() and int(sent) > MOST_BYTES + AROUND
