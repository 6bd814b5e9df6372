"""Published results as CSV and XLSX: numbers stay numbers, and no text becomes a formula."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from habitat_plan.kit.wording import Wording
from indicators import exports
from indicators.models import Achievement, Figure, Indicator, Submission

Row = dict[str, Any]
NUMBERS = (
    "baseline",
    "baseline_year",
    "actual",
    "target",
    "target_year",
    "achievement",
    "coverage",
)


@pytest.fixture
def csv_rows(loaded: None, db: None, client: Client) -> Callable[[str], dict[str, Row]]:
    """Rows of the CSV file by code."""

    def read(period: str) -> dict[str, Row]:
        content = client.get(f"/en/results.csv?period={period}").content.decode("utf-8-sig")
        return {row["code"]: row for row in csv.DictReader(io.StringIO(content))}

    return read


@pytest.fixture(scope="module")
def kept() -> dict[Any, dict[str, Row]]:
    """The files that tests only read, by format and period."""
    return {}


@pytest.fixture
def published(
    kept: dict[Any, dict[str, Row]], csv_rows: Callable[[str], dict[str, Row]]
) -> Callable[[str], dict[str, Row]]:
    """Rows of the CSV file as the demonstration publishes it, each file asked for once."""

    def read(period: str) -> dict[str, Row]:
        if ("csv", period) not in kept:
            kept["csv", period] = csv_rows(period)
        return kept["csv", period]

    return read


@pytest.fixture
def published_cells(
    kept: dict[Any, dict[str, Row]], cells: Callable[..., dict[str, Row]]
) -> dict[str, Row]:
    """Cells of the workbook of 2017 as the demonstration publishes it."""
    if "xlsx" not in kept:
        kept["xlsx"] = cells("2017")
    return kept["xlsx"]


@pytest.fixture
def cells(loaded: None, db: None, client: Client) -> Callable[[str], dict[str, Row]]:
    """Cells of the workbook by code and head."""

    def read(period: str, language: str = "en") -> dict[str, Row]:
        content = client.get(f"/{language}/results.xlsx?period={period}").content
        head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
        names = [cell.value for cell in head]
        return {row[0].value: dict(zip(names, row, strict=True)) for row in rows}

    return read


class TestCsv:
    def test_has_one_row_an_indicator(self, published):
        assert len(published("2017")) == 34

    def test_a_counted_result(self, published):
        row = published("2017")["FA2.1"]
        assert row["actual"] == "86"
        assert row["baseline"] == "42"
        assert row["target"] == "110"
        assert row["target_year"] == "2019"
        assert row["status"] == "REPORTED"
        assert row["rating"] == "on_track"
        assert row["achievement"] == "0.6471"  # 44 ÷ 68
        assert row["coverage"] == "0.8000"  # 4 of 5 offices

    @pytest.mark.parametrize(
        ("code", "period", "status"),
        [
            ("SR.a", "2017", "NOT_DUE"),
            ("LS1.1", "2016", "NOT_DUE"),
            ("LS3.1", "2017", "NOT_REPORTED"),
            ("FA7.1", "2017", "NOT_REPORTED"),
        ],
    )
    def test_a_missing_value_is_empty_and_its_status_says_why(self, published, code, period, status):
        row = published(period)[code]
        assert row["actual"] == ""
        assert row["status"] == status

    def test_zero_is_written_as_zero(self, csv_rows, loaded):
        Figure.objects.filter(indicator__code="LS1.1", period__code="2017").update(value=0)
        row = csv_rows("2017")["LS1.1"]
        assert (row["actual"], row["status"]) == ("0", "REPORTED")

    @pytest.mark.parametrize(
        ("code", "illustrative"),
        [("FA2.1", "yes"), ("LS1.1", "yes"), ("EA2.a.1", "yes"), ("MK.1", "no"), ("SR.c1", "no")],
    )
    def test_says_what_is_illustrative(self, published, code, illustrative):
        assert published("2017")[code]["illustrative"] == illustrative

    def test_what_was_returned_is_not_in_it(self, published):
        """FA6.1: 13 authorities are approved; the returned submission holds 12 others."""
        everything = Achievement.objects.filter(indicator__code="FA6.1").values("authority")
        assert everything.distinct().count() == 25
        assert published("2017")["FA6.1"]["actual"] == "13"

    def test_a_period_that_is_not_known_gives_the_latest_year(self, published):
        assert published("abc")["FA2.1"]["period"] == "2017"

    def test_a_figure_that_stops_being_approved_leaves_the_file(self, csv_rows, loaded):
        assert csv_rows("2017")["LS4.1"]["actual"] == "14"
        office = Indicator.objects.get(code="LS4.1").responsible_office
        Submission.objects.filter(office=office, period__code="2017").update(
            state="returned", return_note="Look again", approved_at=None, approved_by=None
        )
        assert csv_rows("2017")["LS4.1"]["actual"] == ""


class TestWorkbook:
    def test_numbers_are_numbers(self, published_cells):
        row = published_cells["FA2.1"]
        assert row["actual"].value == 86
        assert all(row[name].data_type == "n" for name in NUMBERS)

    def test_no_cell_is_a_formula_and_no_text_stands_in_a_column_of_numbers(self, published_cells):
        for row in published_cells.values():
            assert all(cell.data_type != "f" for cell in row.values())
            assert all(row[name].value is None or row[name].data_type == "n" for name in NUMBERS)

    def test_a_decimal_keeps_its_places(self, published_cells):
        assert published_cells["LS2.1"]["actual"].value == 11.2

    def test_a_title_that_looks_like_a_formula_is_a_text(self, cells, csv_rows, loaded):
        titles = dict(
            zip(
                ("FA2.1", "LS1.1", "LS4.1", "MK.1", "FA6.1"),
                ("=1+1", "+1", "-1", "@SUM(A1)", "\t1+1"),
                strict=True,
            )
        )
        for code, title in titles.items():
            Indicator.objects.filter(code=code).update(title=Wording.of(en=title))
        book, rows = cells("2017"), csv_rows("2017")
        for code, title in titles.items():
            cell = book[code]["title"]
            assert cell.data_type == "s"
            assert cell.value.startswith("'")
            assert rows[code]["title"] == f"'{title}"

    def test_a_source_that_looks_like_a_formula_is_a_text(self, cells, loaded):
        Figure.objects.filter(indicator__code="LS1.1").update(source="=HYPERLINK(A1)")
        cell = cells("2017")["LS1.1"]["source"]
        assert (cell.data_type, cell.value) == ("s", "'=HYPERLINK(A1)")

    def test_heads_and_codes_are_the_same_in_every_language(self, cells):
        for language in ("ar", "zh", "fr", "ru", "es"):
            assert cells("2017", language)["FA2.1"]["status"].value == "REPORTED"


class TestText:
    @pytest.mark.parametrize("given", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", " =1"])
    def test_is_never_a_formula(self, given):
        assert exports.text(given) == "'" + given

    def test_nor_is_what_follows_a_separator_within_it(self):
        assert exports.text("a;=1+1") == "'a;'=1+1"

    def test_a_plain_text_stays(self):
        assert exports.text("Cities = people") == "Cities = people"


class TestNumber:
    def test_half_is_rounded_up(self):
        assert exports.number(Decimal("2.5"), 0) == 3

    def test_nothing_is_empty_and_zero_is_not(self):
        assert exports.number(None, 0) == ""
        assert exports.number(Decimal(0), 1) == Decimal("0.0")


class TestDoor:
    def test_another_format_is_not_found(self, loaded, db, client):
        assert client.get("/en/results.pdf").status_code == 404

    @pytest.mark.parametrize("name", ["csv", "xlsx"])
    def test_the_file_has_a_name(self, loaded, db, client, name):
        response = client.get(f"/en/results.{name}")
        assert response["Content-Disposition"] == f'attachment; filename="results.{name}"'

    def test_fewer_figures_ask_no_fewer_queries(self, loaded, db, client):
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/en/results.csv?period=2017").status_code == 200
            return len(captured)

        count()
        before = count()
        gone, _tables = Figure.objects.filter(indicator__code="EA3.a.1").delete()
        assert gone == 10  # five offices in each of two years
        assert count() == before
