"""How well the plan is owned: worked examples, and a second, naive reading."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improvement.ownership import Moved, OwnedAction, days_unsaid, weigh_themes

ON = date(2016, 10, 5)
DUE = date(2016, 9, 20)
PLAIN = OwnedAction(
    reference="5.01",
    theme_number=5,
    theme="Looked after children",
    has_owner=True,
    is_over=False,
    lacks_evidence=False,
    known_on=date(2016, 6, 30),
    said_on=date(2016, 9, 25),
    moves=0,
    is_asked=True,
    sent_on=date(2016, 9, 20),
)


def weigh(*actions, on=ON, due_on=DUE):
    return weigh_themes(actions, on, due_on)


def test_no_action_no_theme():
    assert weigh() == []


def test_days_are_counted_from_the_last_update_or_from_when_the_action_was_known():
    assert days_unsaid(PLAIN, ON) == 10
    assert days_unsaid(replace(PLAIN, said_on=None), ON) == 97
    assert days_unsaid(replace(PLAIN, said_on=ON + timedelta(days=3)), ON) == 0


def test_the_typical_days_are_those_of_a_real_action():
    said = [date(2016, 10, 4), date(2016, 10, 1), date(2016, 9, 5), None]
    actions = [replace(PLAIN, reference=f"5.0{n}", said_on=on) for n, on in enumerate(said)]
    theme = weigh(*actions)[0]
    assert (theme.median_days, theme.longest_days, theme.longest) == (4, 97, "5.03")
    assert theme.never_said == 1


def test_what_never_had_an_update_does_not_count_in_the_typical_days():
    said = [date(2016, 10, 1), date(2016, 9, 5), None, None, None]
    actions = [replace(PLAIN, reference=f"5.0{n}", said_on=on) for n, on in enumerate(said)]
    theme = weigh(*actions)[0]
    assert (theme.median_days, theme.never_said) == (4, 3)
    silent = weigh(replace(PLAIN, said_on=None))[0]
    assert (silent.median_days, silent.longest_days, silent.never_said) == (None, 97, 1)


def test_what_is_over_asks_for_no_owner_and_no_update():
    over = replace(PLAIN, is_over=True, has_owner=False, lacks_evidence=True, is_asked=False)
    theme = weigh(over)[0]
    assert (theme.actions, theme.without_owner, theme.without_evidence) == (0, 0, 1)
    assert (theme.median_days, theme.longest_days, theme.longest) == (None, None, "")


def test_an_update_is_on_time_on_the_day_itself_and_late_after_it():
    late = replace(PLAIN, sent_on=DUE + timedelta(days=1))
    silent = replace(PLAIN, sent_on=None)
    unasked = replace(PLAIN, is_asked=False)
    theme = weigh(PLAIN, late, silent, unasked)[0]
    assert (theme.on_time, theme.asked) == (1, 3)
    assert weigh(PLAIN, due_on=None)[0].on_time == 0


def test_the_dates_moved_most_come_first_and_are_at_most_three():
    moved = [replace(PLAIN, reference=f"5.0{n}", moves=n) for n in range(5)]
    theme = weigh(*moved)[0]
    assert theme.most_moved == (Moved("5.04", 4), Moved("5.03", 3), Moved("5.02", 2))
    assert theme.moves == 10


def test_themes_come_in_the_plans_order():
    later = replace(PLAIN, theme_number=11, theme="Safeguarding board")
    assert [one.number for one in weigh(later, PLAIN)] == [5, 11]


DAYS = st.dates(date(2016, 1, 1), date(2016, 12, 31))
ACTIONS = st.lists(
    st.builds(
        OwnedAction,
        reference=st.sampled_from([f"{n}.01" for n in range(1, 4)]),
        theme_number=st.integers(1, 3),
        theme=st.just("A theme"),
        has_owner=st.booleans(),
        is_over=st.booleans(),
        lacks_evidence=st.booleans(),
        known_on=DAYS,
        said_on=st.none() | DAYS,
        moves=st.integers(0, 4),
        is_asked=st.booleans(),
        sent_on=st.none() | DAYS,
    ),
    max_size=12,
    unique_by=lambda one: (one.theme_number, one.reference),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ACTIONS, DAYS, st.none() | DAYS)
def test_a_second_reading_agrees(actions, on, due_on):
    found = {one.number: one for one in weigh_themes(actions, on, due_on)}
    assert set(found) == {one.theme_number for one in actions}
    for number, theme in found.items():
        mine = [one for one in actions if one.theme_number == number]
        days, said = [], []
        unowned = unsaid = evidence = asked = on_time = moves = 0
        for one in mine:
            if not one.is_over:
                since = one.known_on if one.said_on is None else one.said_on
                days.append(0 if since > on else on.toordinal() - since.toordinal())
                if one.said_on is not None:
                    said.append(days[-1])
                unowned += 0 if one.has_owner else 1
                unsaid += 1 if one.said_on is None else 0
            evidence += 1 if one.lacks_evidence else 0
            moves += one.moves
            if one.is_asked:
                asked += 1
                if due_on and one.sent_on and not one.sent_on > due_on:
                    on_time += 1
        days.sort()
        said.sort()
        assert theme.actions == len(days)
        assert theme.median_days == (said[(len(said) - 1) // 2] if said else None)
        assert theme.longest_days == (days[-1] if days else None)
        assert (theme.without_owner, theme.never_said) == (unowned, unsaid)
        assert (theme.asked, theme.on_time, theme.moves) == (asked, on_time, moves)
        assert theme.without_evidence == evidence
        assert 0 <= theme.on_time <= theme.asked
