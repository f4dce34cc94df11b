"""A site before its plan is loaded: what is there already, and what comes next."""

from dataclasses import dataclass

from django.conf import settings

from dashboard.words import plural
from improvement.models import Framework, Plan
from performance.calculations.position import Position
from performance.models import Area, ComparatorMember, Measurement


@dataclass(frozen=True)
class Step:
    """One thing to be loaded: whether it is there, what is, and the commands that put it there."""

    title: str
    is_done: bool
    said: str
    commands: list[str]


@dataclass(frozen=True)
class FirstSteps:
    heading: str
    figures: int
    steps: list[Step]

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)


NATIONAL = "fixtures/national"


def make_first_steps(position: Position, area_code: str) -> FirstSteps:
    """What is known at the position of the area and of a plan that is not there yet."""
    figures = Measurement.objects.at(position).for_area(area_code).count()
    return FirstSteps(
        heading="The figures are here; the plan is not yet" if figures
        else "This dashboard has nothing to show yet",
        figures=figures,
        steps=[_areas_step(area_code), _figures_step(figures), _frameworks_step(), _plan_step()],
    )  # fmt: skip


def _areas_step(area_code: str) -> Step:
    area = Area.objects.filter(code=area_code).first()
    lists = ComparatorMember.objects.filter(for_area=area).values("group").distinct().count()
    if area:
        said = f"{area.name} ({area.code}) is known, with {plural(lists, 'list')} of neighbours."
    elif Area.objects.exists():
        said = f"No area has the code {area_code}: mend COUNCIL_CODE, or add it to areas.csv."
    else:
        said = "No council, region or indicator is known yet."
    return Step(
        "Areas, neighbours and the national indicators",
        area is not None,
        said,
        [f"load_performance {NATIONAL} --commit"],
    )


def _figures_step(figures: int) -> Step:
    said = f"{plural(figures, 'figure')} of {settings.COUNCIL_NAME} can be read on this day."
    return Step(
        "The figures",
        figures > 0,
        said if figures else "No figure of the council is known on this day.",
        [
            f"load_published_files {NATIONAL} --commit",
            "load_performance council --commit",
        ],
    )


def _frameworks_step() -> Step:
    frameworks = Framework.objects.count()
    return Step(
        "Ofsted’s frameworks and judgements",
        frameworks > 0,
        f"{plural(frameworks, 'framework')} held." if frameworks else "None is held.",
        [f"load_plan {NATIONAL} --commit"],
    )


def _plan_step() -> Step:
    """Never done: with a plan nobody sees this page. A plan of another name is no plan here."""
    said = (
        "No plan is held. It takes a row in papers.csv and one in plans.csv, and evidence.csv; "
        "themes and actions can follow."
    )
    if settings.COUNCIL_PLAN and (others := Plan.objects.values_list("slug", flat=True)):
        said = (
            f"No plan is called “{settings.COUNCIL_PLAN}”; there is {', '.join(others)}: mend "
            "COUNCIL_PLAN, or load it."
        )
    return Step("The plan", False, said, ["load_plan council --commit"])
