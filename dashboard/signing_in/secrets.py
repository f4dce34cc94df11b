"""What is kept of a second factor, unreadable to whoever has only the database or a backup."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [hashlib.sha256(f"second factor{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str | None:
    """The text; None where it was kept under another SECRET_KEY."""
    try:
        return _fernet().decrypt(kept.encode()).decode()
    except InvalidToken:
        return None
