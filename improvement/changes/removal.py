"""Taking out words that lead to a person: asked for by one, confirmed or declined by another."""

from datetime import date, datetime

from django.db import transaction

from improvement.changes.recording import record
from improvement.changes.sealing import (
    count_written_over,
    hold_rows,
    named_in,
    place_of,
    put_back,
    seal_texts,
    take_out,
    take_turns,
)
from improvement.models import PlanEvent, Removal, SealedText, print_of
from improvement.permissions import Person, may_confirm_removals
from improvement.removal.finding import (
    Found,
    Place,
    count_places,
    find_outside,
    find_texts,
    find_waiting,
    say_waits,
    sealed_elsewhere,
    to_decide_first,
)
from improvement.removal.matching import FEWEST_LETTERS, FEWEST_LETTERS_OF_ONE, Words
from improvement.removal.registry import everything_waiting

# One person hides at once: enough for a name, and not for a word of every day. Who may also
# decide knows what they do, up to a limit.
MOST_TEXTS_OF_ONE, MOST_TEXTS = 30, 200
WRITTEN_OVER = "text that something else was written over"
TOO_COMMON = "These words stand in too many texts: write more of them."


class NothingFound(Exception):
    """No text that can be taken out holds the words; `outside` is where they are, if anywhere."""

    found = "found nowhere"

    def __init__(self, outside: list[Place]) -> None:
        super().__init__("No text that can be taken out holds these words.")
        self.outside = outside


class TooCommon(Exception):
    """So many texts would be hidden that one person may not ask for it."""

    found = "found in too many texts"


class TooManyWait(TooCommon):
    """So many would with those of the same person's other removals that wait to be decided."""

    found = "found while others wait"


class ReasonHoldsWords(Exception):
    """A reason is kept for ever, so it may not say what is taken out."""


class AlreadyDecided(Exception):
    """Somebody else confirmed or declined first."""


class DecideFirst(Exception):
    """Another removal, still undecided, has sealed texts with the same words; `number` is its."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Removal {number} holds these words too: decide that one first.")
        self.number = number


class OtherTexts(Exception):
    """What it would destroy is no longer what whoever decides has read."""


class NeedsAnother(Exception):
    """Whoever asked cannot decide."""


@transaction.atomic
def ask_removal(*, words: str, reason: str, by: Person, on: date, now: datetime) -> Removal:
    """The removal, after which no page, file or message holds the words: each text that does is
    sealed and reads that it is being looked at. Raises NothingFound, TooCommon, TooManyWait and
    ReasonHoldsWords."""
    wanted = Words(words)
    _refuse_words_in(reason, wanted)
    if not wanted.has_letters(fewest_letters(by)):
        raise TooCommon(TOO_COMMON)
    take_turns()
    _refuse_too_many(_count_named(find_texts(wanted), wanted), by)
    found = _find_and_hold(wanted)
    _refuse_too_many(_count_named(found, wanted), by)
    removal = Removal.objects.create(
        words=words, reason=reason, hidden_on=on, asked_by=by, asked_at=now
    )
    texts = seal_texts(removal, wanted, found)
    waiting = find_waiting(wanted)
    dropped = sum(each.discard(wanted) for each in everything_waiting() if each.at_once)
    held = sum(place.count for place in waiting) - dropped
    if not texts and not waiting and not sealed_elsewhere(wanted, removal):
        raise NothingFound(find_outside(wanted))
    record(
        PlanEvent.Kind.REMOVAL,
        str(removal),
        PlanEvent.Done.ASKED,
        by=by,
        now=now,
        after={"texts": texts, "dropped": dropped, "held": held},
        reason=reason,
    )
    return removal


@transaction.atomic
def confirm_removal(
    *, removal: Removal, read: str, reason: str, by: Person, on: date, now: datetime
) -> Removal:
    """The removal, its originals and its words destroyed; `left` is where the words still are.
    `read` is the `print_of` the texts that were read before.

    What other undecided removals sealed of the words waits for a decision of its own: whoever
    decides this one has not read it, and may have asked for it themselves.

    Raises AlreadyDecided, NeedsAnother, ReasonHoldsWords, OtherTexts and DecideFirst.
    """
    take_turns()
    held, words = _hold(removal, by, reason)
    if print_of(held.texts.all()) != read:
        raise OtherTexts("More was hidden for this since you read it: read it again.")
    if others := to_decide_first(words, held):
        raise DecideFirst(others[0])
    for each in everything_waiting():
        each.discard(words)
    left = [*count_places(find_texts(words)), *find_waiting(words), *find_outside(words)]
    left += [Place(say_waits(number), 1) for number in sealed_elsewhere(words, held)]
    held.left = [[place.what, place.count] for place in left]
    _decide(held, Removal.Outcome.CONFIRMED, by=by, reason=reason, now=now)
    take_out(held, on)
    _record_decision(held, PlanEvent.Done.CONFIRMED, by=by, now=now)
    return held


@transaction.atomic
def decline_removal(*, removal: Removal, reason: str, by: Person, now: datetime) -> Removal:
    """The removal, with each text put back exactly as it was, unless something else was written
    there since: `left` says of how many.

    What of them another undecided removal looks for is hidden again at once, for that one. Raises
    AlreadyDecided, NeedsAnother and ReasonHoldsWords.
    """
    take_turns()
    held, _ = _hold(removal, by, reason)
    if over := count_written_over(held):
        held.left = [[WRITTEN_OVER, over]]
    _decide(held, Removal.Outcome.DECLINED, by=by, reason=reason, now=now)
    _hide_for_others(put_back(held))
    _record_decision(held, PlanEvent.Done.DECLINED, by=by, now=now)
    return held


@transaction.atomic
def record_search(why: NothingFound | TooCommon, *, reason: str, by: Person, now: datetime) -> None:
    """That somebody asked and nothing was hidden: looking for what others type leaves a trace."""
    kind, done = PlanEvent.Kind.REMOVAL, PlanEvent.Done.ASKED
    record(kind, why.found, done, by=by, now=now, after={"texts": 0}, reason=reason)


def _find_and_hold(words: Words) -> list[Found]:
    """The texts, with their rows locked. Whoever is copying one meanwhile is waited for, and the
    copies are found: then all are locked anew, so that the order of the locks is kept."""
    found = find_texts(words)
    while True:
        begun = transaction.savepoint()
        hold_rows((each.texts.table, each.row) for each in found)
        again = find_texts(words)
        if {place_of(each) for each in again} <= {place_of(each) for each in found}:
            transaction.savepoint_commit(begun)
            return again
        transaction.savepoint_rollback(begun)
        found = again


def _count_named(found: list[Found], words: Words) -> int:
    return sum(bool(named_in(each, words)) for each in found)


def fewest_letters(by: Person) -> int:
    return FEWEST_LETTERS if may_confirm_removals(by) else FEWEST_LETTERS_OF_ONE


def _refuse_too_many(texts: int, by: Person) -> None:
    """Raises TooCommon and TooManyWait where so many more texts may not be hidden. All that one
    person's undecided removals hide counts, so that many small ones cannot do what a large one may
    not."""
    most = MOST_TEXTS if may_confirm_removals(by) else MOST_TEXTS_OF_ONE
    if texts > most:
        raise TooCommon(TOO_COMMON)
    of_theirs = Removal.objects.undecided().filter(asked_by=by)
    hidden = SealedText.objects.waiting().filter(removal__in=of_theirs).places().count()
    if hidden + texts > most:
        # Not how many: some may stand where whoever asks reads nothing.
        raise TooManyWait(
            f"With what others of yours hide this would be more than the {most} texts that may be "
            "hidden at once. Ask again when they are decided."
        )


def _refuse_words_in(reason: str, words: Words) -> None:
    if words.found_in(reason):
        raise ReasonHoldsWords("Say why without the words themselves: the reason is kept.")


def _hold(removal: Removal, by: Person, reason: str) -> tuple[Removal, Words]:
    """The removal, locked, and its words."""
    held = Removal.objects.select_for_update(of=("self",), no_key=True).get(pk=removal.pk)
    if held.outcome:
        raise AlreadyDecided("Somebody else decided this first.")
    if held.asked_by_id == by.pk:
        raise NeedsAnother("You asked for this: somebody else decides.")
    words = Words(held.words)
    _refuse_words_in(reason, words)
    return held, words


def _hide_for_others(texts: list[Found]) -> None:
    """What of these, which can be read again, another undecided removal looks for."""
    for other in Removal.objects.undecided().order_by("pk"):
        seal_texts(other, Words(other.words), texts)


def _decide(removal: Removal, outcome: str, *, by: Person, reason: str, now: datetime) -> None:
    removal.outcome, removal.words = outcome, ""
    removal.decided_by, removal.decided_at, removal.decided_reason = by, now, reason
    removal.save()


def _record_decision(removal: Removal, done: str, *, by: Person, now: datetime) -> None:
    record(
        PlanEvent.Kind.REMOVAL,
        str(removal),
        done,
        by=by,
        now=now,
        after={
            "texts": removal.texts.places().count(),
            "left": sum(count for _, count in removal.left),
        },
        reason=removal.decided_reason,
    )
