"""The rounds of updates, and how one was answered."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from improvement.asked import ThemeAnswers, count_answers, read_asked
from improvement.models import Plan, UpdateRound
from performance.calculations.partial_date import PartialDate


@dataclass(frozen=True)
class RoundLine:
    """`stands` says how it stands on the page's day: to come, under way, released, or over since
    another plan took over."""

    number: int
    title: str
    opens_on: date
    updates_due_on: date
    figures_due_on: date
    release_on: date
    stands: str
    is_released: bool
    is_over: bool


@dataclass(frozen=True)
class RoundPage:
    line: RoundLine
    themes: list[ThemeAnswers]
    asked: int
    answered: int


def make_round_line(round: UpdateRound, on: date, successor: Plan | None) -> RoundLine:
    """`successor` is the plan that has taken the place of the round's by the day."""
    return RoundLine(
        number=round.pk,
        title=round.title,
        opens_on=round.opens_on,
        updates_due_on=round.updates_due_on,
        figures_due_on=round.figures_due_on,
        release_on=round.release_on,
        stands=_say_stands(round, on, successor),
        is_released=round.released_at is not None,
        is_over=round.released_at is not None or successor is not None,
    )


def _say_stands(round: UpdateRound, on: date, successor: Plan | None) -> str:
    if round.released_at is not None:
        day = PartialDate(localtime(round.released_at).date(), "day")
        return f"Released on {day} by {round.released_by}."
    if successor is not None:
        day = PartialDate(successor.starts_on, "day")
        return f"Over since {day}, when “{successor}” took this plan’s place."
    if round.opens_on > on:
        return f"To come: it opens on {PartialDate(round.opens_on, 'day')}."
    if on <= round.updates_due_on:
        return "Under way: officers are asked for their updates."
    if on <= round.release_on:
        return "Under way: updates were due, and are not released yet."
    return f"Under way: to be released by {PartialDate(round.release_on, 'day')}, and it was not."


def make_round_lines(plan: Plan, on: date) -> list[RoundLine]:
    """Every round of the plan, the newest first."""
    rounds = plan.rounds.select_related("released_by")
    successor = plan.taken_over_by(on)
    return [make_round_line(round, on, successor) for round in rounds]


def make_round_page(round: UpdateRound, on: date) -> RoundPage:
    themes = count_answers(read_asked(round, on))
    return RoundPage(
        line=make_round_line(round, on, round.plan.taken_over_by(on)),
        themes=themes,
        asked=sum(one.asked for one in themes),
        answered=sum(one.answered for one in themes),
    )
