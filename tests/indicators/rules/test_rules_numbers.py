"""Numbers as people type and read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitat_plan.kit.formats import figure
from indicators.rules.numbers import MARKS, NotANumber, parse, shown

languages = st.sampled_from(sorted(MARKS))


def refused(text: str, language: str = "en") -> NotANumber:
    with pytest.raises(NotANumber) as caught:
        parse(text, language)
    return caught.value


class TestParse:
    @pytest.mark.parametrize(
        ("text", "language", "number"),
        [
            ("1,234.5", "en", "1234.5"),
            ("1234.5", "en", "1234.5"),
            ("1 234.5", "en", "1234.5"),
            ("1 234 567.5", "zh", "1234567.5"),
            ("1,234.5", "zh", "1234.5"),
            ("１２３", "zh", "123"),
            ("1,234.5", "ar", "1234.5"),
            ("١٬٢٣٤٫٥", "ar", "1234.5"),
            ("۱۲۳۴٫۵", "ar", "1234.5"),
            ("١٢٣", "ar", "123"),
            ("\u200f\u2212٥", "ar", "-5"),
            ("1 234,5", "fr", "1234.5"),
            ("1\u202f234,5", "fr", "1234.5"),
            ("1\u00a0234\u00a0567,5", "ru", "1234567.5"),
            ("1 234\u00a0567", "ru", "1234567"),
            ("12,5", "fr", "12.5"),
            ("1.234,5", "es", "1234.5"),
            ("1.234", "es", "1234"),
            ("12,5", "es", "12.5"),
            ("\u22125", "en", "-5"),
            ("-5", "en", "-5"),
            (" 0 ", "en", "0"),
            ("-0", "en", "0"),
            (".5", "en", "0.5"),
            ("007", "en", "7"),
            ("999999999999999", "en", "999999999999999"),
            ("１，２３４．５", "zh", "1234.5"),
            ("\u20135", "en", "-5"),
            ("－５", "zh", "-5"),
            ("\ufeff12", "en", "12"),
            ("1\u2007234", "fr", "1234"),
        ],
    )
    def test_reads_the_marks_of_the_language(self, text: str, language: str, number: str) -> None:
        assert parse(text, language) == Decimal(number)

    @pytest.mark.parametrize(
        ("text", "language", "readings"),
        [
            ("12,5", "en", ("12.5", "125")),
            ("1,23", "ar", ("1.23", "123")),
            ("12.5", "fr", ("12.5", "125")),
            ("1.234", "ru", ("1.234", "1234")),
            ("1.5", "es", ("1.5", "15")),
            ("1,00,000", "en", ("100", "100000")),
            ("1.234.567", "en", ("1234.567", "1234567")),
            ("1.234,5", "en", ("1234.5", "12345")),
            ("-1 23", "fr", ("-1.23", "-123")),
            ("1,234 567", "en", ("1234.567", "1234567")),
            ("1'234", "en", ("1.234", "1234")),
            ("1.234٫5", "ar", ("1234.5", "12345")),
            ("1,234٫5", "fr", ("1234.5", "12345")),
            ("1.5,234", "en", ("15.234", "15234")),
        ],
    )
    def test_asks_where_it_could_mean_two_numbers(
        self, text: str, language: str, readings: tuple[str, ...]
    ) -> None:
        error = refused(text, language)
        assert error.code == "ambiguous"
        assert error.params["readings"] == tuple(Decimal(r) for r in readings)

    @pytest.mark.parametrize(
        "text",
        [
            *("about ten", "Infinity", "-inf", "1e5", "1E+5", "0x1F", "1_000", "--5", "5-"),
            *("12.", ".", ",", "1/2", "½", "٣x", "1\t2", "१२", "#REF!", "see description", "1–5"),
            *("1e9999999", "\u221e", "+", "12 km", "TRUE", "2016-05-03"),
        ],
    )
    def test_refuses_what_is_not_a_number(self, text: str) -> None:
        assert refused(text).code == "not_a_number"

    @pytest.mark.parametrize(
        "text", ["-", "\u2014", "..", "…", "?", "No data", "нет данных", "暂无", "غير متاح", "NaN"]
    )
    def test_says_what_to_do_with_a_sign_for_nothing(self, text: str) -> None:
        assert refused(text).code == "no_value_word"

    @pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
    def test_refuses_a_blank(self, text: str) -> None:
        assert refused(text).code == "empty"

    @pytest.mark.parametrize(
        ("text", "qualifier", "number"),
        [
            *((">95", ">", 95), ("< 5", "<", 5), (">=10", ">=", 10), ("≤10", "≤", 10)),
            *(("＞９５", "＞", 95), ("95+", "+", 95), ("~5", "~", 5)),
        ],
    )
    def test_offers_the_number_behind_a_qualifier(
        self, text: str, qualifier: str, number: int
    ) -> None:
        error = refused(text)
        assert error.code == "qualifier"
        assert error.params["qualifier"] == qualifier
        assert error.params["number"] == Decimal(number)

    @pytest.mark.parametrize(
        ("text", "language"),
        [("12 %", "en"), ("12%", "es"), ("12\u202f%", "fr"), ("١٢٪", "ar"), ("%12", "ar")],
    )
    def test_offers_the_number_before_a_percent_sign(self, text: str, language: str) -> None:
        error = refused(text, language)
        assert error.code == "percent_sign"
        assert error.params["number"] == Decimal(12)

    @pytest.mark.parametrize("text", ["n/a", "N/A", "s/o", "no aplica", "н/п", "不适用"])
    def test_knows_the_words_for_not_applicable(self, text: str) -> None:
        assert refused(text).code == "not_applicable_word"

    @pytest.mark.parametrize("text", ["1234567890123456", "1.234567890123456", "-1" + "0" * 15])
    def test_refuses_more_than_fifteen_digits(self, text: str) -> None:
        assert refused(text).code == "too_long"

    @pytest.mark.parametrize(
        ("unit", "code"),
        [
            ("9", "too_long"),
            ("1,", "too_long"),
            ("x", "not_a_number"),
            ("%", "not_a_number"),
            (">", "not_a_number"),
            ("-", "not_a_number"),
            (" ", "empty"),
        ],
    )
    def test_refuses_a_million_characters_and_repeats_few_of_them(
        self, unit: str, code: str
    ) -> None:
        error = refused(unit * 1_000_000)
        assert error.code == code
        assert len(str(error.params["text"])) <= 64

    @pytest.mark.parametrize("unit", [">", "%", "-", ",", " 1"])
    def test_refuses_the_longest_text_it_looks_at(self, unit: str) -> None:
        assert refused((unit * 64)[:64]).code in {
            *("qualifier", "percent_sign", "not_a_number", "too_long", "no_value_word"),
        }

    def test_refuses_a_language_it_does_not_know(self) -> None:
        with pytest.raises(KeyError):
            parse("1", "de")

    @given(st.integers(-(10**15) + 1, 10**15 - 1).map(lambda n: Decimal(n).scaleb(-4)), languages)
    def test_reads_what_the_pages_write(self, number: Decimal, language: str) -> None:
        assert parse(figure(number, 4, language), language) == number

    @given(st.text(max_size=80), languages)
    def test_gives_a_finite_number_or_says_why_not(self, text: str, language: str) -> None:
        try:
            number = parse(text, language)
        except NotANumber as error:
            assert error.code in {
                *("empty", "not_a_number", "ambiguous", "qualifier", "percent_sign"),
                *("not_applicable_word", "no_value_word", "too_long"),
            }
        else:
            assert number.is_finite()
            assert len(number.as_tuple().digits) <= 16

    @given(st.text(alphabet="0123456789.,- ٫٬٣%>", max_size=20), languages)
    def test_does_so_for_anything_that_looks_like_a_number(self, text: str, language: str) -> None:
        try:
            assert parse(text, language).is_finite()
        except NotANumber as error:
            assert "text" in error.params


class TestShown:
    @pytest.mark.parametrize(
        ("number", "decimals", "result"),
        [
            ("2.5", 0, "3"),
            ("3.5", 0, "4"),
            ("-2.5", 0, "-3"),
            ("20.85525948736947388", 2, "20.86"),
            ("0.045", 2, "0.05"),
            ("7", 1, "7.0"),
            ("-0.04", 1, "0.0"),
            ("123456789012345678901234567890.5", 0, "123456789012345678901234567891"),
        ],
    )
    def test_rounds_half_up(self, number: str, decimals: int, result: str) -> None:
        assert str(shown(Decimal(number), decimals)) == result
