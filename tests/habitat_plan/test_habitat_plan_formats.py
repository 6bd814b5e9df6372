"""Numbers and dates in six languages, as literals a reader of the language can check."""

import datetime as dt
from decimal import Decimal

import pytest

from habitat_plan.kit.formats import day, figure, moment, per_cent, share

NBSP, NARROW = "\u00a0", "\u202f"


class TestFigure:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "1,234.5"),
            ("fr", f"1{NARROW}234,5"),
            ("es", "1.234,5"),
            ("ru", f"1{NBSP}234,5"),
            ("zh", f"1{NBSP}234.5"),
            ("ar", "1,234.5"),
        ],
    )
    def test_separates_as_the_language_does(self, language, expected):
        assert figure(Decimal("1234.5"), 1, language) == expected

    @pytest.mark.parametrize(
        ("value", "decimals", "expected"),
        [
            ("0.5", 0, "1"),
            ("1.5", 0, "2"),
            ("2.5", 0, "3"),
            ("29.45", 1, "29.5"),
            ("-2.5", 0, "−3"),
        ],
    )
    def test_rounds_the_half_away_from_zero(self, value, decimals, expected):
        assert figure(Decimal(value), decimals, "en") == expected

    def test_writes_the_minus_sign_and_not_a_hyphen(self):
        assert figure(-5, 0, "fr") == "\u22125"

    def test_keeps_the_sign_before_the_digits_in_arabic(self):
        assert figure(-5, 0, "ar") == "\u200e\u22125"

    def test_gives_what_rounds_to_zero_no_sign(self):
        assert figure(Decimal("-0.4"), 0, "en") == "0"
        assert figure(Decimal("0.04"), 1, "en", signed=True) == "0.0"

    def test_writes_the_plus_of_a_difference_when_asked(self):
        assert figure(Decimal("0.9"), 1, "en", signed=True) == "+0.9"

    def test_keeps_all_digits_of_a_large_number(self):
        assert figure(Decimal("123456789012345.67"), 2, "en") == "123,456,789,012,345.67"

    def test_refuses_a_language_that_is_not_one_of_six(self):
        with pytest.raises(KeyError):
            figure(1, 0, "de")


class TestPerCent:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", f"29.5{NBSP}%"),
            ("fr", "29,5\N{NARROW NO-BREAK SPACE}%"),
            ("es", f"29,5{NBSP}%"),
            ("ru", f"29,5{NBSP}%"),
            ("zh", "29.5%"),
            ("ar", f"29.5{NBSP}%"),
        ],
    )
    def test_spaces_the_sign_as_the_language_does(self, language, expected):
        assert per_cent(Decimal("29.45"), 1, language) == expected

    def test_of_a_share_takes_one_for_the_whole(self):
        assert share(Decimal("0.647"), 0, "en") == f"65{NBSP}%"


class TestDay:
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
    def test_is_written_in_full(self, language, expected):
        assert day(dt.date(2018, 2, 2), language) == expected

    @pytest.mark.parametrize(
        ("date", "expected"),
        [
            (dt.date(2018, 2, 1), "1er février 2018"),
            (dt.date(2018, 2, 11), "11 février 2018"),
            (dt.date(2018, 2, 21), "21 février 2018"),
        ],
    )
    def test_is_ordinal_in_french_on_the_first_only(self, date, expected):
        assert day(date, "fr") == expected


class TestMoment:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "2 February 2018, 16:40"),
            ("zh", "2018年2月2日 16:40"),
            ("ar", "2 شباط/فبراير 2018، 16:40"),
        ],
    )
    def test_gives_day_and_time(self, language, expected):
        assert moment(dt.datetime(2018, 2, 2, 16, 40, tzinfo=dt.UTC), language) == expected
