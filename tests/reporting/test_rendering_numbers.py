"""Numbers and dates in six languages; expected strings are written out by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from habitat_plan.kit.formats import MINUS
from reporting.document import Figure
from reporting.rendering.numbers import Numbers

NB, NARROW = "\u00a0", "\u202f"


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "decimals", "expected"),
        [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("2.5", 0, "3"), ("29.85", 1, "29.9"), ("1.005", 2, "1.01")],
    )  # fmt: skip
    def test_is_half_up(self, value: str, decimals: int, expected: str) -> None:
        assert Numbers("en").number(Decimal(value), decimals) == expected.replace("-", MINUS)


class TestNumber:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "1,234,567.9"),
            ("ar", "1,234,567.9"),
            ("zh", f"1{NB}234{NB}567.9"),
            ("fr", f"1{NARROW}234{NARROW}567,9"),
            ("ru", f"1{NB}234{NB}567,9"),
            ("es", "1.234.567,9"),
        ],
    )
    def test_is_written_as_the_language_does(self, language: str, expected: str) -> None:
        assert Numbers(language).number(Decimal("1234567.85"), 1) == expected

    def test_has_the_true_minus(self) -> None:
        assert Numbers("en").number(Decimal(-5)) == MINUS + "5"

    def test_has_no_sign_when_it_rounds_to_zero(self) -> None:
        assert Numbers("en").number(Decimal("-0.4")) == "0"

    def test_keeps_every_digit_of_a_long_number(self) -> None:
        assert Numbers("en").number(Decimal("123456789012345678.25"), 2) == (
            "123,456,789,012,345,678.25"
        )

    def test_can_be_in_arabic_indic_digits(self) -> None:
        assert Numbers("ar", "arabic_indic").number(Decimal("1234.5"), 1) == "١٬٢٣٤٫٥"
        assert Numbers("ar", "arabic_indic").per_cent(Decimal("29.5"), 1) == f"٢٩٫٥{NB}٪"

    def test_arabic_indic_digits_are_for_arabic_only(self) -> None:
        assert Numbers("en", "arabic_indic").number(Decimal("1234.5"), 1) == "1,234.5"


class TestPerCent:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [("en", f"29.5{NB}%"), ("fr", f"29,5{NARROW}%"), ("es", f"29,5{NB}%"),
         ("ru", f"29,5{NB}%"), ("zh", "29.5%"), ("ar", f"29.5{NB}%")],
    )  # fmt: skip
    def test_is_spaced_as_the_language_does(self, language: str, expected: str) -> None:
        assert Numbers(language).per_cent(Decimal("29.5"), 1) == expected

    def test_sign_is_left_out_where_the_sentence_or_the_head_has_it(self) -> None:
        figure = Figure("x", Decimal("29.5"), decimals=1, per_cent=True)
        assert Numbers("en").figure(figure, sign=False) == "29.5"
        assert Numbers("en").figure(figure, sign=True) == f"29.5{NB}%"


class TestDate:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "2 February 2018"),
            ("fr", "2 février 2018"),
            ("es", "2 de febrero de 2018"),
            ("ru", "2 февраля 2018 года"),
            ("zh", "2018年2月2日"),
            ("ar", "2 شباط/فبراير 2018"),
        ],
    )
    def test_is_written_as_united_nations_documents_do(self, language: str, expected: str) -> None:
        assert Numbers(language).date(dt.date(2018, 2, 2)) == expected

    def test_the_first_of_a_month_is_an_ordinal_in_french(self) -> None:
        assert Numbers("fr").date(dt.date(2018, 2, 1)) == "1er février 2018"
        assert Numbers("fr").date(dt.date(2018, 2, 21)) == "21 février 2018"
