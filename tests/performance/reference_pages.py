"""The addresses of the reference data, a form as a browser opens it, and what is filled in."""

from performance.models import Target

REFERENCE = "/performance/reference/"
INDICATOR = {
    "code": "return-interviews", "title": "Return interviews held in 72 hours",
    "short_title": "Return interviews", "definition": "Of children who had been missing.",
    "unit": "%", "decimals": "0", "polarity": "higher", "kind": "performance",
    "reason": "A new duty.",
}  # fmt: skip
GROUP = {
    "slug": "our-own", "title": "Our own", "source": "The council", "statistic": "mean",
    "members": "Sandwell, very close\n335", "reason": "Agreed.",
}  # fmt: skip


def current_target():
    return Target.objects.current().get(series__code="looked-after-number.council")


def address(page):
    return REFERENCE + page.format(target=current_target().pk)


def opened(client, page):
    """What the page's form holds when it is opened, as a browser would send it back."""
    sent = {}
    for bound in client.get(address(page)).context["form"]:
        value = bound.value()
        if isinstance(value, bool):
            sent |= {bound.name: "on"} if value else {}
        elif value is not None:
            shown = bound.field.widget.format_value(value)
            sent[bound.name] = value if shown is None else shown
    return sent
