"""How well the plan is owned: its columns, and what it exports."""

import django_tables2 as tables

from improvement.ownership import Moved


class OwnershipTable(tables.Table):
    """The themes, one a row. An export holds the same facts as the page."""

    theme = tables.Column(verbose_name="Theme", order_by="number")
    actions = tables.Column(verbose_name="Actions under way")
    without_owner = tables.Column(verbose_name="Nobody is asked")
    median_days = tables.Column(
        verbose_name="Without an update", order_by=("never_said", "median_days"), empty_values=()
    )
    longest_days = tables.Column(verbose_name="The longest")
    on_time = tables.Column(verbose_name="Updates on time", order_by=("on_time", "asked"))
    moves = tables.Column(verbose_name="Dates moved")
    without_evidence = tables.Column(verbose_name="Complete without evidence")

    caption = "How well the plan is owned, by theme"
    css_class = "ownership"
    row_template = "dashboard/_ownership_row.html"
    anchor = "#ownership"

    class Meta:
        template_name = "django_tables2/govuk_table.html"
        empty_text = "The plan has no action yet."
        order_by = "theme"


class OwnershipExportTable(OwnershipTable):
    """What is taken away: each fact in a column of its own."""

    never_said = tables.Column(verbose_name="Never an update")
    median_days = tables.Column(
        verbose_name="Typical days without an update, where there was one", default=""
    )
    longest = tables.Column(verbose_name="Action that went the longest", default="")
    asked = tables.Column(verbose_name="Updates asked for")
    most_moved = tables.Column(verbose_name="Moved most", empty_values=())

    def value_most_moved(self, value: tuple[Moved, ...]) -> str:
        return "; ".join(f"{one.reference}: {one.times}" for one in value)
