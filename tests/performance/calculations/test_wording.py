import pytest

from performance.calculations.wording import say_times


@pytest.mark.parametrize(
    ("count", "said"), [(0, "never"), (1, "once"), (2, "twice"), (3, "3 times"), (21, "21 times")]
)
def test_times_are_said_as_one_would(count, said):
    assert say_times(count) == said
