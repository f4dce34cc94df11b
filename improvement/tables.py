"""The lists of the plan's own pages that a reader takes away."""

import django_tables2 as tables


class ActivityTable(tables.Table):
    """Who did what, newest first: the order is the record's own."""

    when = tables.Column(verbose_name="When", orderable=False)
    who = tables.Column(verbose_name="Who", orderable=False)
    theme = tables.Column(verbose_name="Theme", orderable=False, default="")
    what = tables.Column(verbose_name="What", orderable=False)
    why = tables.Column(verbose_name="Why", orderable=False, default="")

    caption = "Who did what, newest first"
    css_class = "activity"
    row_template = "improvement/_activity_row.html"
    anchor = ""

    class Meta:
        template_name = "django_tables2/govuk_table.html"
        empty_text = "Nothing matches: take a filter away."
