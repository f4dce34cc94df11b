class SeriesCodeConverter:
    """A series' code in an address, such as `re-referrals.council`."""

    regex = "[0-9A-Za-z][0-9A-Za-z._-]{0,99}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
