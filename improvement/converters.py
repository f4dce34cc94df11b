class ReferenceConverter:
    """An action's reference in an address, such as `4.01b`."""

    regex = "[0-9A-Za-z][0-9A-Za-z.-]{0,19}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
