"""What the dashboard's own tables hold of what people type, for taking words out of it."""

from dashboard.models import PersonEvent, QueuedMessage
from improvement.removal.registry import Texts, register_texts

TEXTS = (
    Texts(
        QueuedMessage,
        "queued message",
        {"subject": "subject", "text": "text", "html": "text with layout", "last_error": "error"},
        read_with="dashboard.keep_people",
    ),
    Texts(
        PersonEvent,
        "history of a person",
        {"before": "before", "after": "after", "reason": "why"},
        of="whom",
        read_with="dashboard.keep_people",
        own_facts={"roles"},
    ),
)


def register() -> None:
    register_texts(*TEXTS)
