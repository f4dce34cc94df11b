import pytest

from dashboard.words import capitalised, in_words, join_words, plural


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "no"), (1, "one"), (12, "twelve"), (20, "twenty"), (21, "twenty-one"), (127, "127")],
)
def test_numbers_in_words(number, words):
    assert in_words(number) == words


def test_lists_and_plurals():
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert plural(1, "action") == "1 action"
    assert plural(0, "action") == "0 actions"
    assert capitalised("good on RI") == "Good on RI"
