"""Our own layout of areas, indicators, series, targets and figures: files and their columns."""

from performance.importer.read import Layout

LAYOUTS = [
    Layout("areas.csv", "code name kind ons_code region note".split()),
    Layout("area_codes.csv", "area ons_code from until".split()),
    Layout("comparator_groups.csv", "slug title source in_force_from statistic".split()),
    Layout("comparator_members.csv", "group for_area rank area closeness".split()),
    Layout(
        "indicators.csv",
        "code title short_title definition why_it_matters good_looks_like unit decimals polarity "
        "polarity_basis tolerance kind owner next_due_on in_panel_set key counts_children "
        "part_of".split(),
    ),
    Layout(
        "series.csv",
        "code indicator source source_short definition kind_of_figure periods rounding "
        "suppression threshold lowest highest order next_published_on comparable_with".split(),
    ),
    Layout("series_links.csv", "series role of breakdown".split()),
    Layout(
        "targets.csv",
        "series area period_start period_end period_label low high profile basis set_by "
        "known_from known_from_basis".split(),
    ),
    Layout(
        "figures.csv",
        "series area period_start period_end period_label value symbol flags numerator "
        "denominator note known_from known_from_basis".split(),
    ),
]
