"""The plan's files in our own layout."""

from performance.importer.read import Layout

LAYOUTS = [
    Layout(
        "papers.csv",
        "slug title publisher meeting_on about_on published_on published_basis considered_by "
        "recommendations not_held note".split(),
    ),
    Layout(
        "frameworks.csv",
        "slug title short_title in_force_from in_force_until cycle_complete_by source".split(),
    ),
    Layout(
        "judgements.csv",
        "framework slug order title short_title local_wording kind key note".split(),
    ),
    Layout(
        "correspondences.csv", "framework judgement other_framework other_judgement note".split()
    ),
    Layout(
        "grades.csv",
        "framework judgement maker grade position_on published_on published_basis paper "
        "note".split(),
    ),
    Layout("plans.csv", "slug title framework from until paper".split()),
    Layout("themes.csv", "number slug title short_title paragraph lead_service".split()),
    Layout("evidence.csv", "indicator judgements themes".split()),
    Layout(
        "actions.csv",
        "reference bullet title promised judgements kind owner_service owner_role impact_sought "
        "due due_words due_basis cabinet_on indicators note".split(),
    ),
    Layout(
        "updates.csv",
        "action status says reason impact effective_on completed completed_words completed_basis "
        "paper known_from note".split(),
    ),
    Layout(
        "statements.csv",
        "reference bullet judgement indicator claim direction known_from note".split(),
    ),
    Layout(
        "findings.csv",
        "reference bullet judgement maker position_on kind text evidence known_from".split(),
    ),
    Layout(
        "bullets.csv",
        "reference theme line statement became actions figures targets statements findings "
        "note".split(),
    ),
]
