"""Whether a text holds the words, however it is written."""

import pytest

from improvement.removal.matching import Words

NAME = "Zebedee Quill"


@pytest.mark.parametrize(
    "text",
    [
        "Zebedee Quill", "zebedee quill", "ZEBEDEE\n\tQUILL", "zebedee.quill@example.org",
        "Zebedee&nbsp;Quill’s mother", "Zebedee<br>Quill", "Zebédee Quill", "Zebedee\u200b Quill",
        "The carer <Zebedee Quill>", "<zebedee.quill@example.org>", "Zebedee\u200e Quill",
        "Zebe-dee Quill", "&lt;b&gt;Zebedee&lt;/b&gt; Quill", "zebedee_quill.docx", "Zebedee-Quill",
        "https://council.example/Report%20Zebedee%20Quill.docx", "Zebedee\u00a0Quill",
        '"Zebedee","Quill"', "100% of Zebedee Quill", "5%Zebedee Quill", "Zebedee Quill¹",
        "ZebedeeQuill2016.pdf", "zebedee.quill2@example.org", "3Zebedee Quill", "Zebedee Quill™",
        "<b>Zeb</b>edee Quill", "Zebedee%2520Quill",
    ],
)  # fmt: skip
def test_words_are_found_however_they_are_written(text):
    assert Words(NAME).found_in(f"a {text} b")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Lukasz Nowakowski", "Łukasz Nowakowski"), ("Łukasz Nowakowski", "LUKASZ NOWAKOWSKI"),
        ("Sean OBrien", "Sean O'Brien"), ("Sean OBrien", "Seán O’Brien"),
        ("Sean O'Brien", "Sean OBrien"), ("Maryjane Smith", "Mary-Jane Smith"),
        ("Soren Holm", "Søren Holm"), ("Aethel Thorn", "Æthel Þorn"),
        ("Sean O’Brien", "Sean O\u02bcBrien"), ("Sean O'Brien", "Sean O\u02bbBrien"),
        ("Sean OBrien", "Sean O\u00b4Brien"), ("Sean O'Brien", "Sean O\ua78cBrien"),
        ("Sean OBrien", "Sean O\\'Brien"), ("Sean OBrien", "Sean O''Brien"),
        ("𝐙𝐞𝐛𝐞𝐝𝐞𝐞", "Zebedee"), ("Zoe", "ℤoe"),
        ("Sean OBrien", "Sean O\u055aBrien"), ("Sean OBrien", "Sean O\u2032Brien"),
        ("Maryjane Smith", "Mary\u2212Jane Smith"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelt(asked, text):
    assert Words(asked).found_in(f"We saw {text}, again.")


@pytest.mark.parametrize(("asked", "text"), [("Flat 12", "Flat 123"), ("12 May", "112 May")])
def test_a_number_is_no_part_of_a_longer_one(asked, text):
    assert not Words(asked).found_in(text)


@pytest.mark.parametrize("text", ["Zebedee Quillan", "Azebedee Quill", "Zebedee", "Quill Zebedee"])
def test_other_words_are_not(text):
    assert not Words(NAME).found_in(f"a {text} b")


@pytest.mark.parametrize(
    ("said", "enough"), [("Jo", False), ("J.", False), ("", False), ("Joe", True)]
)
def test_two_letters_are_not_enough(said, enough):
    assert Words(said).has_letters(3) is enough
