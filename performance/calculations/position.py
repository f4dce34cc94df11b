"""Where in time a page stands."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Position:
    """The day a page is about and the instant up to which its facts were known.

    `on` decides what is due, passed or in force. `known_at` (aware) decides which facts a reader
    could have had: a grade for February published on 31 March is known at no instant before.
    """

    on: date
    known_at: datetime

    def __post_init__(self) -> None:
        if self.known_at.tzinfo is None:
            raise ValueError("Position.known_at needs a time zone.")
