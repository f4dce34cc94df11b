"""One load of a plan under way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from improvement.models import (
    Action,
    Assessment,
    Finding,
    Framework,
    Judgement,
    Paper,
    Plan,
    Statement,
    Theme,
)
from performance.importer.check import Checker
from performance.importer.problems import LoadReport
from performance.importer.read import Row
from performance.importer.versions import VersionRefused, keep_version
from performance.models import Indicator, Versioned


@dataclass
class Loading:
    """What was read, what is on record or put in so far by its name in the files, what is wrong.

    `area_code` is the council's own: the plan's files cite its figures and nobody else's.
    """

    tables: dict[str, list[Row]]
    area_code: str
    checker: Checker = field(default_factory=Checker)
    papers: dict[str, Paper] = field(init=False)
    frameworks: dict[str, Framework] = field(init=False)
    judgements: dict[tuple[str, str], Judgement] = field(init=False)
    assessments: dict[tuple[str, str, str], Assessment] = field(default_factory=dict)
    plan: Plan | None = None
    themes: dict[str, Theme] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report = LoadReport(read=sum(map(len, self.tables.values())))
        self.indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
        self.papers = {paper.slug: paper for paper in Paper.objects.all()}
        self.frameworks = {framework.slug: framework for framework in Framework.objects.all()}
        self.judgements = {
            (judgement.framework.slug, judgement.slug): judgement
            for judgement in Judgement.objects.select_related("framework")
        }

    def plan_judgements(self) -> dict[str, Judgement]:
        """The judgements of the plan's framework, by slug."""
        assert self.plan
        wanted = self.plan.framework.slug
        return {slug: found for (framework, slug), found in self.judgements.items()
                if framework == wanted}  # fmt: skip

    def keep(
        self,
        model: type[Versioned],
        row: Row,
        key: dict[str, Any],
        facts: dict[str, Any],
        known_from: datetime | None,
    ) -> Any:
        """The current version of a fact, or None where something is wrong with it."""
        if self.checker.problems or known_from is None:
            return None
        try:
            made, outcome = keep_version(model, key, facts, known_from)
        except VersionRefused as refused:
            # A grade is known from its publication.
            column = "known_from" if "known_from" in row.cells else "published_on"
            self.checker.wrong(row, column, str(refused))
            return None
        self.report.count(outcome)
        return made

    def put(self, model: Any, key: dict[str, Any], facts: dict[str, Any]) -> Any:
        """The row for `key` with these facts: for what carries no history of its own."""
        found = model.objects.filter(**key).first()
        if found is None:
            self.report.count("new")
            return model.objects.create(**key, **facts)
        if all(getattr(found, name) == value for name, value in facts.items()):
            self.report.count("unchanged")
            return found
        for name, value in facts.items():
            setattr(found, name, value)
        found.save()
        self.report.count("revised")
        return found
