"""A line of a few millimetres, for beside a figure in words."""

from collections.abc import Sequence
from decimal import Decimal

AIR = 4


def sparkline(
    values: Sequence[Decimal | None],
    breaks: Sequence[int] = (),
    width: int = 120,
    height: int = 28,
) -> str:
    """The values' line as SVG, evenly spaced between their lowest and their highest.

    Not joined over a missing value, nor before an index in `breaks`. The last value has a dot,
    which is open when later periods have no value. An empty string when there is no value. It
    is built by hand, not by `svg.tag`: a page has hundreds, each under 700 bytes.
    """
    given = [value for value in values if value is not None]
    if not given:
        return ""
    low, high = min(given), max(given)
    tall = float(high - low) or 1.0
    across = (width - 2 * AIR) / max(len(values) - 1, 1)
    base = height / 2 if low == high else height - AIR
    parts, last, is_joined = [], (0, 0.0), False
    for place, value in enumerate(values):
        if value is None:
            is_joined = False
            continue
        x = round(AIR + place * across) if len(values) > 1 else width // 2
        y = round(base - float(value - low) / tall * (height - 2 * AIR), 1)
        # A value on its own is a line of no length, which round ends make a dot.
        parts.append(f"L{x} {y:g}" if is_joined and place not in breaks else f"M{x} {y:g}h0")
        last, is_joined = (x, y), True
    fill = "#fff" if values[-1] is None else "#12436D"
    return (
        f'<svg class="sparkline" aria-hidden="true" focusable="false" viewBox="0 0 {width} '
        f'{height}" width="{width}" height="{height}"><path d="{"".join(parts)}" fill="none" '
        f'stroke="#12436D" stroke-width="1.5" stroke-linecap="round"/><circle cx="{last[0]}" '
        f'cy="{last[1]:g}" r="3" fill="{fill}" stroke="#12436D"/></svg>'
    )
