"""Figures as a person would write them."""

from decimal import ROUND_HALF_UP, Decimal


def format_value(value: Decimal, unit: str, decimals: int) -> str:
    """“43%”, “43.6%”, “638”, “£47.0 million”: the number and, where it is a sign, its unit.

    A value that the source prints more finely than the indicator's decimals keeps its digits.
    """
    places = max(decimals, -int(value.normalize().as_tuple().exponent))
    number = value.quantize(Decimal(1).scaleb(-max(places, 0)), rounding=ROUND_HALF_UP)
    text = f"{number:,}"
    if unit == "%":
        return f"{text}%"
    if unit.startswith("£"):
        return f"£{text}{unit[1:] and ' ' + unit[1:].strip()}"
    return text


def format_with_unit(value: Decimal, unit: str, decimals: int) -> str:
    """“43%”, “638 children”."""
    text = format_value(value, unit, decimals)
    return text if unit == "%" or unit.startswith("£") else f"{text} {unit}"


def format_bounds(low: Decimal | None, high: Decimal | None, unit: str, decimals: int) -> str:
    """“550 to 580”, “at least 70%”, “at most 5%”."""
    if low is not None and high is not None:
        return f"{format_value(low, '', decimals)} to {format_value(high, unit, decimals)}"
    if low is not None:
        return f"at least {format_value(low, unit, decimals)}"
    if high is not None:
        return f"at most {format_value(high, unit, decimals)}"
    return ""


def say_times(count: int) -> str:
    """“never”, “once”, “twice”, “3 times”."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
