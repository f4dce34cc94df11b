"""Words that could lead to a child, and words that officers write every day."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.personal_details import find_personal

FOUND = [
    ("J.S. moved in May.", ["J.S."]),
    ("The return for J. S. was late", ["J. S."]),
    ("J S was counted twice", ["J S"]),
    ("JS was counted; so was J.P", ["J.P"]),
    ("Child A left care", ["Child A"]),
    ("a young person X and family BT", ["young person X", "family BT"]),
    ("One is aged 14 and at home.", ["aged 14"]),
    ("aged fourteen", ["aged fourteen"]),
    ("at the age of 9", ["age of 9"]),
    ("A 14-year-old was missing", ["14-year-old"]),
    ("a 14 yr old boy", ["14 yr old boy"]),
    ("a fourteen year old girl", ["fourteen year old girl"]),
    ("he is 14 years old", ["14 years old"]),
    ("6 months old", ["6 months old"]),
    ("14yo in hospital", ["14yo"]),
    ("a boy of 14 in Bilston", ["boy of 14"]),
    ("the girl (9) moved", ["girl (9)"]),
    ("born on 3 May 2005", ["born on 3 May 2005"]),
    ("born 3rd May 2005", ["born 3rd May 2005"]),
    ("DOB: 03/05/05", ["DOB: 03/05/05"]),
    ("d.o.b. 2005-05-03", ["d.o.b. 2005-05-03"]),
    ("date of birth 3.5.2005", ["date of birth 3.5.2005"]),
    ("3 May 2005 (dob)", ["3 May 2005 (dob"]),
    ("record 1234567 was merged", ["1234567"]),
    ("LCS123456", ["LCS123456"]),
    ("case 4412 and ref. AB/123", ["case 4412", "ref. AB/123"]),
    ("NHS 943 476 5919", ["NHS 943"]),
    ("943 476 5919", ["943 476 5919"]),
    ("QQ 12 34 56 C", ["QQ 12 34 56 C"]),
    ("the mother of two", ["mother of two"]),
    ("father of B", ["father of B"]),
    ("a sibling of the first", ["sibling of the"]),
    ("Jo’s mother rang", ["Jo’s mother"]),
    ("the child's father", ["child's father"]),
    ("aged 14, again aged 14", ["aged 14"]),
    ("birthday: 3 May 2005", ["birthday: 3 May 2005"]),
    ("her birthday   was   on  3 May 2005", ["birthday was on 3 May 2005"]),
    ("Jayden Carter, 9, of Bilston was placed late.", ["Jayden Carter, 9"]),
    ("We met Anne-Marie O’Neil, 14.", ["Anne-Marie O’Neil, 14"]),
    ("Zoë Lee Carter, 9 was placed late", ["Zoë Lee Carter, 9"]),
    ("(April Young, 16)", ["April Young, 16"]),
]
FINE = [
    "",
    "14 children",
    "Three late returns of 640 children.",
    "aged 16 to 17 cohort",
    "aged 16-17",
    "aged 16–17",
    "aged 16 and 17",
    "ages 19, 20 and 21",
    "aged 16 and over; aged 10 or under; aged 16+",
    "children aged under 5",
    "under the age of 14",
    "16 to 17-year-olds and 16-17 year old care leavers",
    "19-year-olds in work",
    "the two-year-old offer",
    "30 September 2016",
    "5 October 2016",
    "on 05/10/2016 and 2016-10-05",
    "Q1",
    "Q1 and Q2 2016/17",
    "years 12/13",
    "Year 11",
    "201617",
    "E08000031 in SFR41/2016",
    "£2500000",
    "£1,234,567 and 1,234,567 rows",
    "12.345678%",
    "U.K. and U.S. figures",
    "the DfE’s LA data; a family LA team",
    "e.g. what is counted, i.e. a panel",
    "case numbers rose to 640; the 2016 reference; ref 2016/17",
    "Category A only",
    "Children born in 2003/04",
    "dates of birth were missing for 14 children",
    "mothers and fathers of children in care",
    "brothers and sisters placed together",
    "a child of the borough",
    "5.08: 43% complete in July 2016, from 46%",
    "load 12 was read on 5 October 2016 at 14:30",
    "The form changed.",
    "Two schools sent theirs late",
    "the Children Act, 1989",
    "Early Help, 4 of 9",
    "Early Help, 4, Social Care, 9, and Youth Justice Team, 12.",
    "Wolverhampton and Walsall, 9 of 10",
    "Working Together, 2018",
    "Queen Street, 9",
    "Jayden Carter, 9.5% of whom",
    "Young People, 9, and Care Leavers, 14.",
    "Section Forty Seven, 12 enquiries",
]


@pytest.mark.parametrize(("words", "found"), FOUND)
def test_what_looks_personal_is_quoted(words, found):
    assert find_personal(words) == found


@pytest.mark.parametrize("words", FINE)
def test_everyday_words_are_let_be(words):
    assert find_personal(words) == []


def seconds(words):
    """Of the processor."""
    begun = thread_time()
    find_personal(words)
    return thread_time() - begun


@pytest.mark.parametrize(
    "repeated",
    [
        ("birthday", " ", "x"),
        ("", "birthday ", ""),
        ("birthday", "is", "x"),
        ("", "aged 14 ", ""),
        ("", "14-year-old ", ""),
        ("", "Aaaa ", ""),
        ("", "Aaaa-", ", 9"),
        ("Aa", "a", ", 9, x"),
        ("3 May 2005", "\n", "x"),
        ("", "A. ", "x"),
        ("", "1", "x"),
    ],
)
def test_more_words_take_longer_in_proportion_and_not_by_their_square(repeated):
    """Sixteen times the words: sixteen times as long, where by the square it is 256.

    The quickest of five of each, taken in turn, and the bound four times off
    on either side: others use the machine too.
    """
    first, middle, last = repeated
    few, many = (first + middle * (size // len(middle)) + last for size in (4_000, 64_000))
    rounds = [(seconds(few), seconds(many)) for _ in range(5)]
    assert min(took for _, took in rounds) < 64 * min(took for took, _ in rounds)


@given(st.text(alphabet="AJSaged 14.-/()born’s\n", max_size=60))
def test_what_is_quoted_stands_in_the_words(words):
    for phrase in find_personal(words):
        assert phrase in " ".join(words.split())
