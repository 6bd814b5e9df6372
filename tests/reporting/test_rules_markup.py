"""What offices write: how it is read, that no text breaks the reading, and that no word is lost."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st
from processor import growth

from reporting.rules.markup import (
    MOST_FINDINGS,
    Binding,
    Finding,
    Footnote,
    Inline,
    Narrative,
    Passage,
    Words,
    parse,
)
from reporting.rules.words import FORMS, count_words, fits, form_of

ACTUAL = "FA2.1@2017:actual"

Rounds = Callable[[int, int], int]


def only(text: str) -> tuple[Inline, ...]:
    """What is within the one passage of a text."""
    (passage,) = parse(text).passages
    return passage.inlines


def kinds(text: str) -> list[tuple[str, int, str]]:
    """Kind, place in the list and words of each passage."""
    return [
        (one.kind, one.item, "".join(w.text for w in one.inlines if isinstance(w, Words)))
        for one in parse(text).passages
    ]


def said(narrative: Narrative) -> str:
    """Everything that a text says, in any order."""
    parts: list[str] = []
    for passage in narrative.passages:
        for inline in passage.inlines:
            if isinstance(inline, Words):
                parts.append(inline.text)
            elif isinstance(inline, Binding):
                parts += (inline.reference, *inline.forms)
            else:
                parts.append(inline.key)
    for key, words in narrative.footnotes.items():
        parts += (key, words)
    return " ".join(parts)


class TestPassages:
    def test_a_blank_line_ends_a_paragraph(self) -> None:
        assert kinds("One.\nStill one.\n\n \nTwo.") == [
            ("paragraph", 0, "One. Still one."),
            ("paragraph", 0, "Two."),
        ]

    def test_lists_become_subparagraphs(self) -> None:
        assert kinds("First:\n- land\n- law\n  and order\n\n* money") == [
            ("paragraph", 0, "First:"),
            ("item", 1, "land"),
            ("item", 2, "law and order"),
            ("item", 3, "money"),
        ]

    def test_a_numbered_list_begins_anew_after_a_paragraph(self) -> None:
        assert [(kind, item) for kind, item, _words in kinds("1. a\n2. b\n\nThen.\n\n1. c")] == [
            ("item", 1), ("item", 2), ("paragraph", 0), ("item", 1),
        ]  # fmt: skip

    def test_a_date_at_the_beginning_of_a_line_is_no_subparagraph(self) -> None:
        assert kinds("30. June was the last day.") == [
            ("paragraph", 0, "30. June was the last day.")
        ]

    def test_a_subheading_ends_with_its_line(self) -> None:
        assert kinds("### Land\nWhat was done.") == [
            ("heading", 0, "Land"),
            ("paragraph", 0, "What was done."),
        ]

    def test_each_says_the_line_it_begins_in(self) -> None:
        assert [one.line for one in parse("One.\n\n\nTwo.\n- three").passages] == [1, 4, 5]

    def test_a_wrapped_line_puts_no_space_into_chinese(self) -> None:
        assert kinds("城市\n规划 plan\nand") == [("paragraph", 0, "城市规划 plan and")]

    def test_line_ends_of_every_system_are_the_same(self) -> None:
        assert kinds("One.\r\n\r\nTwo.\rMore.\u2029Three.") == kinds(
            "One.\n\nTwo.\nMore.\n\nThree."
        )


class TestEmphasis:
    def test_is_italic_or_bold(self) -> None:
        assert only("A *b* and **c**.") == (
            Words("A "), Words("b", "italic"), Words(" and "), Words("c", "bold"), Words("."),
        )  # fmt: skip

    def test_within_strong_emphasis_is_strong(self) -> None:
        assert only("**a *b* c** ***d***") == (
            Words("a b c", "bold"), Words(" "), Words("d", "bold"),
        )  # fmt: skip

    def test_works_without_spaces_as_in_chinese(self) -> None:
        assert only("城市**“规划”**是") == (Words("城市"), Words("“规划”", "bold"), Words("是"))

    def test_that_is_not_ended_stays_as_typed_and_is_reported(self) -> None:
        assert only("2 *3 or more") == (Words("2 *3 or more"),)
        assert parse("Fine.\n\n2 *3").findings == (Finding("emphasis_open", 3),)

    def test_that_is_ended_from_outside_stays_as_typed_and_is_reported(self) -> None:
        assert only("**a *b**") == (Words("a *b", "bold"),)
        assert parse("**a *b**").findings == (Finding("emphasis_open", 1),)

    def test_never_overlaps(self) -> None:
        assert only("**a *b** c*") == (Words("a *b", "bold"), Words(" c*"))

    def test_asterisks_between_spaces_are_asterisks(self) -> None:
        assert parse("3 * 4 ** 5").findings == ()
        assert only("3 * 4 **** 5") == (Words("3 * 4 **** 5"),)

    def test_a_backslash_takes_the_meaning_away(self) -> None:
        assert only(r"\*a\* \[[FA2.1@2017:actual]] \\ \w") == (
            Words(r"*a* [[FA2.1@2017:actual]] \ \w"),
        )


class TestBinding:
    def test_stands_in_its_sentence_with_its_emphasis(self) -> None:
        assert only("By **[[ FA2.1@2016-2017/ROAF:actual ]]** authorities") == (
            Words("By "),
            Binding("FA2.1@2016-2017/ROAF:actual", (), "bold"),
            Words(" authorities"),
        )

    def test_may_bring_the_forms_of_the_word_after_it(self) -> None:
        assert only("[[FA2.1@2017:actual|authority | authorities]]") == (
            Binding(ACTUAL, ("authority", "authorities")),
        )

    @pytest.mark.parametrize(
        "typed",
        ["86", "FA2.1", "FA2.1@2017", "FA2.1@2017:guess", "FA2.1@2017:actual|one||", "A" * 90],
    )
    def test_of_no_figure_stays_as_typed_and_is_reported(self, typed: str) -> None:
        assert only(f"By [[{typed}]].") == (Words(f"By [[{typed}]]."),)
        assert parse(f"By [[{typed}]].").findings == (Finding("bad_reference", 1, typed),)

    def test_longer_than_what_can_be_kept_is_reported(self) -> None:
        office = "R" * 80
        (finding,) = parse(f"[[FA2.1@2017/{office}:actual]]").findings
        assert finding.code == "bad_reference"

    def test_references_come_once_in_the_order_of_the_text(self) -> None:
        text = f"[[SR.a@2013:baseline]], [[{ACTUAL}]]\n\n- [[{ACTUAL}|a|b]]"
        assert parse(text).references == ("SR.a@2013:baseline", ACTUAL)

    def test_an_opening_without_an_end_is_only_brackets(self) -> None:
        assert only("[[FA2.1@2017:actual] and") == (Words("[[FA2.1@2017:actual] and"),)


class TestFootnote:
    def test_is_marked_in_the_sentence_and_stands_apart(self) -> None:
        narrative = parse("Law[^1] counts.\n\n[^1]: Resolution *24/15*,\nsection II.")
        assert narrative.passages == (
            Passage("paragraph", (Words("Law"), Footnote("1"), Words(" counts.")), 1),
        )
        assert dict(narrative.footnotes) == {"1": "Resolution 24/15, section II."}
        assert narrative.findings == ()

    def test_that_is_not_written_stays_as_typed_and_is_reported(self) -> None:
        assert only("Law[^2].") == (Words("Law[^2]."),)
        assert parse("Law[^2].").findings == (Finding("footnote_unknown", 1, "2"),)

    def test_that_nothing_leads_to_is_reported(self) -> None:
        assert parse("Law.\n\n[^1]: Note.").findings == (Finding("footnote_unused", 3, "1"),)

    def test_written_twice_keeps_both_and_is_reported(self) -> None:
        narrative = parse("Law[^1].\n\n[^1]: One.\n\n[^1]: Two.")
        assert dict(narrative.footnotes) == {"1": "One."}
        assert kinds("Law[^1].\n\n[^1]: One.\n\n[^1]: Two.")[1] == ("paragraph", 0, ": Two.")
        assert narrative.findings == (Finding("footnote_twice", 5, "1"),)

    def test_holds_no_figure_and_no_footnote(self) -> None:
        narrative = parse(f"Law[^1].\n\n[^1]: See [[{ACTUAL}]][^1].")
        assert narrative.footnotes["1"] == f"See [[{ACTUAL}]][^1]."
        assert [found.code for found in narrative.findings] == ["footnote_holds_markup"] * 2
        assert narrative.references == ()


class TestWhatIsNoMarkup:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<b>law</b> &amp; &lt;",
            "[law](https://example.org)",
            "![map](https://example.org/map.png)",
            "https://example.org/a_b_c",
            "`code` and _this_",
            "=SUM(A1)",
            "#let x = 1",
            "| a | b |",
            "-- and --- and ~~~",
        ],
    )
    def test_is_printed_as_typed(self, text: str) -> None:
        assert only(text) == (Words(text),)

    def test_characters_that_no_document_can_hold_are_left_out(self) -> None:
        assert only("a\x00b\x08c\ufffed") == (Words("abcd"),)

    def test_no_text_turns_the_direction_of_what_follows(self) -> None:
        assert only("\u202e86\u202c \u2067x\u2069 \u200fy") == (Words("86 x \u200fy"),)


MARKUP = st.text("ab c\n*\\[]^|#-1.:_<&\t规ا", max_size=60)
PIECES = st.lists(
    st.sampled_from(
        ["*", "**", "***", "[[", "]]", "[^1]", "\n[^1]: n", "\n\n", "\n- ", "\n1. ", "\n### ", "\\",
         "word", " ", f"[[{ACTUAL}]]", f"[[{ACTUAL}|a|b]]", "|", "العدد", "城"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


class TestEveryText:
    @given(st.one_of(st.text(max_size=200), MARKUP, PIECES))
    def test_is_read_and_loses_no_letter(self, text: str) -> None:
        typed = Counter(letter for letter in text if letter.isalpha())
        kept = Counter(letter for letter in said(parse(text)) if letter.isalpha())
        assert kept == typed

    @given(st.one_of(MARKUP, PIECES))
    def test_prints_no_words_of_nothing_and_never_two_alike_side_by_side(self, text: str) -> None:
        for passage in parse(text).passages:
            assert passage.inlines
            for one, other in zip(passage.inlines, passage.inlines[1:], strict=False):
                if isinstance(one, Words) and isinstance(other, Words):
                    assert one.emphasis != other.emphasis
            assert all(one.text for one in passage.inlines if isinstance(one, Words))

    @given(st.one_of(MARKUP, PIECES), st.sampled_from(sorted(FORMS)))
    @settings(max_examples=50)
    def test_can_be_counted(self, text: str, language: str) -> None:
        assert count_words(text, language) >= 0

    # In `make drills` of a megabyte, a hundred thousand lines, twenty thousand footnotes.
    @pytest.mark.drill
    @pytest.mark.parametrize("part", ["*[_", "[[", "[^", "*a ", "**a *", "\\"])
    def test_of_many_letters_takes_time_in_proportion(self, part: str, rounds: Rounds) -> None:
        size = rounds(50_000, 250_000)
        assert growth(lambda letters: parse(part * (letters // len(part))), size=size) < 10

    @pytest.mark.drill
    @pytest.mark.parametrize("line", ["- *ab\n", "[^a]: b\n", "1. a\n"])
    def test_of_many_lines_takes_time_in_proportion(self, line: str, rounds: Rounds) -> None:
        size = rounds(5_000, 25_000)
        assert growth(lambda lines: parse(line * lines), size=size) < 10

    @pytest.mark.drill
    def test_with_many_footnotes_takes_time_in_proportion(self, rounds: Rounds) -> None:
        def text(notes: int) -> str:
            return "\n\n".join(f"w[^{n}]\n\n[^{n}]: note" for n in range(notes))

        many = rounds(4_000, 20_000)
        assert len(parse(text(many)).footnotes) == many
        assert growth(lambda notes: parse(text(notes)), size=many // 4) < 10

    def test_with_many_problems_is_told_the_first_ones(self) -> None:
        assert len(parse("[[no]] " * 1000).findings) == MOST_FINDINGS


class TestCountWords:
    @pytest.mark.parametrize(
        ("text", "language", "expected"),
        [
            ("", "en", 0),
            ("By the end of 2017, *more* **authorities** – 86.", "en", 8),
            ("L'habitat d'aujourd'hui", "fr", 2),
            ("- one\n- two\n\n### three", "en", 3),
            (f"In all [[{ACTUAL}]] authorities", "en", 4),
            (f"In all [[{ACTUAL}|authority|local authorities]]", "en", 5),
            ("Law[^1].\n\n[^1]: Resolution 24/15.", "en", 3),
            ("城市规划,2017年。", "zh", 6),
            ("联合国 UN-Habitat 第1,234号", "zh", 7),
            ("السلطات المحلية", "ar", 2),
        ],
    )
    def test_counts_as_the_limit_does(self, text: str, language: str, expected: int) -> None:
        assert count_words(text, language) == expected


class TestForms:
    @pytest.mark.parametrize(
        ("language", "number", "expected"),
        [
            ("en", "1", "one"), ("en", "0", "other"), ("en", "86", "other"),
            ("fr", "0", "one"), ("fr", "2", "other"), ("fr", "1000000", "other"),
            ("es", "1", "one"), ("es", "2", "other"),
            ("ru", "1", "one"), ("ru", "21", "one"), ("ru", "3", "few"), ("ru", "11", "many"),
            ("ru", "86", "many"), ("zh", "86", "other"),
            ("ar", "0", "zero"), ("ar", "1", "one"), ("ar", "2", "two"), ("ar", "3", "few"),
            ("ar", "11", "many"), ("ar", "100", "other"),
        ],
    )  # fmt: skip
    def test_are_chosen_by_the_number(self, language: str, number: str, expected: str) -> None:
        assert form_of(FORMS[language], Decimal(number), 0, language) == expected

    def test_go_with_the_number_as_it_is_printed(self) -> None:
        assert form_of(FORMS["en"], Decimal("0.96"), 0, "en") == "one"
        assert form_of(FORMS["en"], Decimal("1"), 1, "en") == "other"
        assert form_of(FORMS["ru"], Decimal("1.5"), 1, "ru") == "other"
        assert form_of(FORMS["en"], Decimal("-1"), 0, "en") == "one"

    def test_without_a_number_are_the_last(self) -> None:
        assert form_of(FORMS["ar"], None, 0, "ar") == "other"

    def test_in_another_number_than_the_language_asks_for_are_the_last(self) -> None:
        assert form_of(("a", "b", "c"), Decimal(1), 0, "en") == "c"
        assert not fits(("a", "b", "c"), "en")
        assert fits(("a", "b"), "en")
        assert fits((), "ru")

    @pytest.mark.parametrize("language", sorted(FORMS))
    def test_are_those_of_unicode(self, language: str) -> None:
        known = Locale(language).plural_form.tags | {"other"}
        # French and Spanish "many" is for millions in words.
        assert known - set(FORMS[language]) <= ({"many"} if language in {"fr", "es"} else set())
        assert set(FORMS[language]) <= known
