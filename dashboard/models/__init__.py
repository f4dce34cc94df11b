from dashboard.models.person import User
from dashboard.models.person_event import PersonEvent
from dashboard.models.queued_message import QueuedMessage

__all__ = ["PersonEvent", "QueuedMessage", "User"]
