class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence that says what to do."""
