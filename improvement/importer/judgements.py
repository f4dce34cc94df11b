"""Papers, frameworks, judgements, grades, the plan's frame, statements and findings."""

from datetime import datetime

from improvement.importer.loading import Loading
from improvement.models import (
    Assessment,
    Correspondence,
    Evidence,
    Finding,
    Framework,
    Judgement,
    Paper,
    Plan,
    Statement,
    Theme,
)
from performance.importer.check import start_of_day
from performance.importer.problems import Problem
from performance.models import DateBasis


def load_papers(loading: Loading) -> None:
    check = loading.checker
    check.once(loading.tables["papers"], lambda row: row["slug"], "slug")
    for row in loading.tables["papers"]:
        about = check.partial(row, "about_on")
        published = check.day(row, "published_on", required=True)
        facts = {
            "title": check.text(row, "title"),
            "publisher": check.text(row, "publisher"),
            "meeting_on": check.day(row, "meeting_on"),
            "about_on": about.on,
            "about_precision": about.precision,
            "published_on": published,
            "published_basis": check.choice(row, "published_basis", DateBasis),
            "known_from": published and start_of_day(published),
            **{name: row[name] for name in "considered_by recommendations not_held note".split()},
        }
        if published and check.text(row, "slug"):
            loading.papers[row["slug"]] = loading.put(Paper, {"slug": row["slug"]}, facts)


def load_frameworks(loading: Loading) -> None:
    check = loading.checker
    check.once(loading.tables["frameworks"], lambda row: row["slug"], "slug")
    for row in loading.tables["frameworks"]:
        start = check.day(row, "in_force_from", required=True)
        end = check.day(row, "in_force_until")
        check.ordered(row, "in_force_until", start, end)
        facts = {
            "title": check.text(row, "title"),
            "short_title": check.text(row, "short_title"),
            "in_force_from": start,
            "in_force_until": end,
            "inspections_complete_by": check.partial(row, "cycle_complete_by").on,
            "source": row["source"],
        }
        if start and not check.problems:
            slug = check.text(row, "slug")
            loading.frameworks[slug] = loading.put(Framework, {"slug": slug}, facts)
    _load_judgements(loading)
    _load_correspondences(loading)


def _load_judgements(loading: Loading) -> None:
    check = loading.checker
    rows = loading.tables["judgements"]
    check.once(rows, lambda row: (row["framework"], row["slug"]), "slug")
    check.once(rows, lambda row: (row["framework"], row["order"]), "order")
    for row in rows:
        framework = check.lookup(row, "framework", loading.frameworks, "a framework")
        order = check.whole(row, "order")
        facts = {
            "order": order,
            "title": check.text(row, "title"),
            "short_title": check.text(row, "short_title"),
            "local_wording": row["local_wording"],
            "kind": check.choice(row, "kind", Judgement.Kind),
            "is_key": check.yes(row, "key"),
            "note": row["note"],
        }
        if framework and order is not None and not check.problems:
            key = {"framework": framework, "slug": row["slug"]}
            made = loading.put(Judgement, key, facts)
            loading.judgements[framework.slug, made.slug] = made


def _load_correspondences(loading: Loading) -> None:
    check = loading.checker
    known = loading.judgements
    for row in loading.tables["correspondences"]:
        one = known.get((row["framework"], row["judgement"]))
        other = known.get((row["other_framework"], row["other_judgement"]))
        if one is None:
            check.wrong(row, "judgement", "no such judgement in that framework")
        if other is None:
            check.wrong(row, "other_judgement", "no such judgement in that framework")
        if one and one == other:
            check.wrong(row, "other_judgement", "another judgement than the row's own")
        elif one and other and not check.problems:
            key = {"judgement": one, "other": other}
            loading.put(Correspondence, key, {"note": check.text(row, "note")})


def load_grades(loading: Loading) -> None:
    check = loading.checker
    graded = ("framework", "judgement", "maker", "position_on")
    check.once(
        loading.tables["grades"], lambda row: tuple(map(row.__getitem__, graded)), "judgement"
    )
    for row in loading.tables["grades"]:
        judgement = loading.judgements.get((row["framework"], row["judgement"]))
        if judgement is None:
            check.wrong(row, "judgement", "no such judgement in that framework")
        paper = check.lookup(row, "paper", loading.papers, "a paper")
        position = check.partial(row, "position_on")
        maker = check.choice(row, "maker", Assessment.Maker)
        published = check.day(row, "published_on", required=True)
        if position.on is None:
            check.wrong(row, "position_on", "the day or month that the grade describes is needed")
        elif published and published < position.on:
            check.wrong(row, "published_on", "a grade is not published before what it describes")
        facts = {
            "grade": check.choice(row, "grade", Assessment.Grade),
            "position_precision": position.precision,
            "published_on": published,
            "known_from_basis": check.choice(row, "published_basis", DateBasis),
            "paper": paper,
            "note": row["note"],
        }
        key = {"judgement": judgement, "maker": maker, "position_on": position.on}
        known_from = start_of_day(published) if published else None
        made = loading.keep(Assessment, row, key, facts, known_from)
        if made:
            loading.assessments[row["judgement"], maker, row["position_on"]] = made


def load_plan_and_themes(loading: Loading) -> None:
    check = loading.checker
    rows = loading.tables["plans"]
    for row in rows[1:]:
        check.wrong(row, "slug", "one folder holds one plan: put the other in a folder of its own")
    if not rows:
        check.problems.append(Problem("plans.csv", None, "", "", "one row, the plan, was expected"))
        return
    row = rows[0]
    framework = check.lookup(row, "framework", loading.frameworks, "a framework")
    start, end = check.day(row, "from", required=True), check.day(row, "until")
    check.ordered(row, "until", start, end)
    facts = {
        "title": check.text(row, "title"),
        "framework": framework,
        "paper": check.lookup(row, "paper", loading.papers, "a paper"),
        "starts_on": start,
        "ends_on": end,
    }
    slug = check.text(row, "slug")
    if check.problems:
        return
    loading.plan = loading.put(Plan, {"slug": slug}, facts)
    _load_themes(loading)


def _load_themes(loading: Loading) -> None:
    check = loading.checker
    check.once(loading.tables["themes"], lambda row: row["number"], "number")
    check.once(loading.tables["themes"], lambda row: row["slug"], "slug")
    for row in loading.tables["themes"]:
        number = check.whole(row, "number")
        facts = {
            "slug": check.text(row, "slug"),
            "title": check.text(row, "title"),
            "short_title": check.text(row, "short_title"),
            "paragraph": row["paragraph"],
            "lead_service": row["lead_service"],
        }
        if number is not None and not check.problems:
            key = {"plan": loading.plan, "number": number}
            loading.themes[str(number)] = loading.put(Theme, key, facts)


def load_evidence(loading: Loading) -> None:
    check = loading.checker
    judgements = loading.plan_judgements()
    check.once(loading.tables["evidence"], lambda row: row["indicator"], "indicator")
    for row in loading.tables["evidence"]:
        indicator = check.lookup(row, "indicator", loading.indicators, "an indicator")
        if indicator is None:
            continue
        spoken_to = check.lookup_many(row, "judgements", judgements, "a judgement")
        # Two main ones are refused, even for a moment: the old one goes before the new one comes.
        old = Evidence.objects.filter(indicator=indicator, is_main=True)
        old.exclude(judgement__in=spoken_to[:1]).update(is_main=False)
        for place, judgement in enumerate(spoken_to):
            key = {"indicator": indicator, "judgement": judgement}
            loading.put(Evidence, key, {"is_main": place == 0})
        for theme in check.lookup_many(row, "themes", loading.themes, "a theme"):
            loading.put(Evidence, {"indicator": indicator, "theme": theme}, {})


def load_statements(loading: Loading) -> None:
    check = loading.checker
    judgements = loading.plan_judgements()
    check.once(loading.tables["statements"], lambda row: row["reference"], "reference")
    for row in loading.tables["statements"]:
        indicator = None
        if row["indicator"]:
            indicator = check.lookup(row, "indicator", loading.indicators, "an indicator")
        facts = {
            "judgement": check.lookup(row, "judgement", judgements, "a judgement"),
            "indicator": indicator,
            "claim": check.text(row, "claim"),
            "direction": check.choice(row, "direction", Statement.Direction),
            "note": row["note"],
        }
        key = {"reference": check.text(row, "reference")}
        known_from = check.instant(row, "known_from")
        facts["known_from_basis"] = _basis(loading, known_from)
        made = loading.keep(Statement, row, key, facts, known_from)
        loading.statements[row["reference"]] = made


def load_findings(loading: Loading) -> None:
    check = loading.checker
    check.once(loading.tables["findings"], lambda row: row["reference"], "reference")
    for row in loading.tables["findings"]:
        maker = check.choice(row, "maker", Assessment.Maker)
        grade = loading.assessments.get((row["judgement"], maker, row["position_on"]))
        if grade is None:
            check.wrong(row, "judgement", "grades.csv has no grade of that maker and day for it")
        facts = {
            "judgement": grade and grade.judgement,
            "maker": maker,
            "position_on": grade and grade.position_on,
            "kind": check.choice(row, "kind", Finding.Kind),
            "text": check.text(row, "text"),
            "evidence": row["evidence"],
        }
        key = {"reference": check.text(row, "reference")}
        known_from = check.instant(row, "known_from")
        facts["known_from_basis"] = _basis(loading, known_from)
        made = loading.keep(Finding, row, key, facts, known_from)
        loading.findings[row["reference"]] = made


def _basis(loading: Loading, known_from: datetime | None) -> str:
    """What the day rests on: what the plan's paper's own day rests on where it is that day, and
    the file, which states it, where it is another."""
    assert loading.plan
    paper = loading.plan.paper
    if paper and paper.known_from == known_from:
        return paper.published_basis
    return DateBasis.STATED
