"""Narrative handed off and returned: without edits it says the same, whatever it holds."""

import re

import pytest
from handed_off import ARABIC, BODY, Writer, handed_off, shown
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.exchange import (
    CheckedSection,
    HandOff,
    check_section,
    digest_of,
    passages_of,
    read_returned,
    write_word,
    write_xliff,
)
from reporting.exchange.passages import body_of
from reporting.rules.markup import Words, parse

WRITERS = pytest.mark.parametrize("write", [write_xliff, write_word], ids=["xliff", "docx"])

plain = st.text(alphabet="ab *-#[]^:1.)\\\n|@!é中ش<&>⟦⟧\u00a0", max_size=30)
piece = st.one_of(
    plain,
    st.sampled_from(
        [
            "[[FA2.1@2017:actual]]",
            "[[FA2.1@2017:actual|city|cities]]",
            "[^1]",
            "\n\n",
            "\n- ",
            "\n1. ",
            "\n[^1]: a note",
            "\n### ",
            "**bold** ",
            "*slanted* ",
            "words and words",
        ]
    ),
)
bodies = st.lists(piece, min_size=1, max_size=10).map("".join)


def returned(write: Writer, handed: HandOff) -> CheckedSection:
    """What comes back of a file that nobody touched."""
    found = read_returned(write(handed))
    source = parse(handed.sections[0].body)
    return check_section(
        found.sections[0], source, original=found.source, target=found.target, kept={}
    )


class TestBodies:
    @settings(max_examples=300, deadline=None)
    @given(body=bodies)
    def test_a_text_written_from_its_passages_says_the_same(self, body: str) -> None:
        assert shown(body_of(passages_of(parse(body)))) == shown(body)


    def test_spaces_that_do_not_break_stay_outside_emphasis(self) -> None:
        body = "*1\u00a0**bold** 1*"
        assert body_of(passages_of(parse(body))) == "*1*\u00a0**bold** *1*"


class TestRoundTrip:
    @WRITERS
    def test_an_arabic_translation_comes_back_as_it_went(self, write: Writer) -> None:
        found = returned(write, handed_off(BODY, ARABIC))
        assert found.problems == ()
        assert found.questions == ()
        assert found.missing == ()
        assert shown(found.body) == shown(ARABIC)

    @WRITERS
    def test_the_file_names_report_section_revision_and_source(self, write: Writer) -> None:
        found = read_returned(write(handed_off()))
        section = found.sections[0]
        assert (found.report, found.source, found.target) == (
            "biennial-progress-2016-2017",
            "en",
            "ar",
        )
        assert (section.code, section.revision) == ("highlights", 3)
        assert section.digest == digest_of(BODY)
        assert section.body == BODY

    @WRITERS
    def test_what_nobody_translated_is_missing_and_stands_in_the_source(
        self, write: Writer
    ) -> None:
        found = returned(write, handed_off())
        assert [one.key for one in found.missing] == ["1", "2", "2.1", "3", "4", "5", "n1"]
        assert shown(found.body) == shown(BODY)

    @WRITERS
    def test_brackets_that_a_writer_typed_are_no_figure(self, write: Writer) -> None:
        body = "See ⟦1:86⟧ and ⟦⟧ beside [[FA2.1@2017:actual]]."
        found = returned(write, handed_off(body, body, target="en"))
        assert found.problems == ()
        assert found.body == body

    @WRITERS
    def test_the_same_hand_off_makes_the_same_bytes(self, write: Writer) -> None:
        assert write(handed_off(BODY, ARABIC)) == write(handed_off(BODY, ARABIC))

    @pytest.mark.parametrize(
        ("write", "examples"), [(write_xliff, 300), (write_word, 25)], ids=["xliff", "docx"]
    )
    def test_any_text_comes_back_as_it_went(self, write: Writer, examples: int) -> None:
        @settings(max_examples=examples, deadline=None)
        @given(body=bodies)
        def comes_back(body: str) -> None:
            found = returned(write, handed_off(body, body, target="en"))
            assert found.problems == ()
            assert shown(found.body) == shown(body)

        comes_back()

    @settings(max_examples=200, deadline=None)
    @given(body=bodies)
    def test_words_in_capitals_keep_every_figure_and_footnote(self, body: str) -> None:
        handed = handed_off(body, body, target="en")
        text = write_xliff(handed).decode()
        # Translating word by word: letters between tags within targets.
        text = re.sub(
            r"(?s)<target>(.*?)</target>",
            lambda target: re.sub(r"(?<=>)[^<]*", capitals, target[0]),
            text,
        )
        section = read_returned(text.encode()).sections[0]
        found = check_section(section, parse(body), original="en", target="en", kept={})
        assert found.problems == ()
        assert holes(found.body) == holes(body)
        assert words(found.body) == words(body).upper()


def capitals(text: re.Match[str]) -> str:
    return re.sub(r"&\w+;|[a-zé]", lambda one: one[0] if one[0][0] == "&" else one[0].upper(), text[0])


def holes(body: str) -> list[str]:
    return [
        getattr(hole, "reference", "") or getattr(hole, "key", "")
        for one in passages_of(parse(body))
        for hole in one.holes
    ]


def words(body: str) -> str:
    return "".join(
        part.text
        for one in passages_of(parse(body))
        for part in one.inlines
        if isinstance(part, Words)
    )
