"""One rule at every door: page, uploaded file and resource refuse the same with the same code."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import factories
import pytest
from django.core.management import CommandError, call_command
from tablib import Dataset

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator
from indicators.resources import FigureResource
from indicators.services import entry, upload_files, uploads
from indicators.services.entry import Typed
from organization.models import AuditEntry, User

NOW = factories.NOW


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """A folder of its own for the files of uploads."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def office(house: factories.House) -> factories.House:
    where = [house.branch]
    number = factories.indicator("FA1.1", offices=where)
    factories.indicator("FA2.1", kind="ratio", offices=where)
    factories.indicator("FA3.1", kind="yes_no", offices=where)
    factories.indicator("FA4.1", kind="count", offices=where)
    factories.indicator("FA5.1")
    factories.figure(number, house.branch, "2016", "1", version=3)
    return house


# What is typed (keys of the columns), and the code of the refusal.
CASES: dict[str, tuple[dict[str, str], str]] = {
    "words for a number": ({"code": "FA1.1", "value": "many"}, "not_a_number"),
    "a bound": ({"code": "FA1.1", "value": ">95"}, "qualifier"),
    "two readings": ({"code": "FA1.1", "value": "1,23"}, "ambiguous"),
    "below zero": ({"code": "FA2.1", "numerator": "-1", "denominator": "4"}, "negative"),
    "half a ratio": ({"code": "FA2.1", "numerator": "1"}, "both_parts_needed"),
    "an unknown answer": ({"code": "FA3.1", "choice": "perhaps"}, "unknown_choice"),
    "an unknown cause": ({"code": "FA1.1", "cause": "weather"}, "unknown_cause"),
    "no reason": ({"code": "FA1.1", "not_applicable": "x"}, "reason_needed"),
    "a number for a count": ({"code": "FA4.1", "value": "7"}, "counted"),
    "a number for an answer": ({"code": "FA3.1", "value": "7"}, "not_asked"),
    "an indicator of others": ({"code": "FA5.1", "value": "7"}, "not_assigned"),
    "a clash": ({"code": "FA1.1", "value": "7", "version": "2"}, "changed_elsewhere"),
}


def typed(cells: dict[str, str]) -> Typed:
    """The same words as a page hands them on."""
    given: dict[str, Any] = {k: v for k, v in cells.items() if k not in {"code", "version"}}
    if "not_applicable" in given:
        given["not_applicable"] = True
    return replace(Typed(**given), version=int(cells["version"]) if "version" in cells else None)


def code_of_page(house: factories.House, by: User, cells: dict[str, str]) -> str:
    """The code that the service behind the page, the cell and the API answers with."""
    measure = Indicator.objects.get(code=cells["code"])
    with pytest.raises(RuleBroken) as refused:
        entry.enter_figure(
            indicator=measure, office=house.branch, period=house.year, typed=typed(cells),
            language="en", by=by, at=NOW,
        )  # fmt: skip
    return refused.value.code


def codes_of_upload(house: factories.House, by: User, cells: dict[str, str]) -> list[str]:
    content = ";".join(cells) + "\n" + ";".join(cells.values()) + "\n"
    kept = uploads.receive(
        kind="figures", office=house.branch, period=house.year, file_name="a.csv",
        content=content.encode(), language="en", by=by, at=NOW,
    )  # fmt: skip
    read = uploads.read(upload=kept, by=by, at=NOW)
    assert read.state == "read", read.sentence
    return [row["code"] for row in upload_files.findings_of(read)["rows"]]


def imported(house: factories.House, by: User, *rows: dict[str, str], dry_run: bool = True):
    data = Dataset(*[list(row.values()) for row in rows], headers=list(rows[0]))
    return FigureResource().import_data(
        data, dry_run=dry_run, by=by, at=NOW, language="en", office=house.branch, period=house.year
    )


def codes_of_resource(house: factories.House, by: User, cells: dict[str, str]) -> list[str]:
    return [error.error.code for row in imported(house, by, cells).rows for error in row.errors]


class TestEveryDoor:
    @pytest.mark.parametrize("case", CASES)
    def test_refuses_the_same_with_the_same_code(self, office, case):
        cells, code = CASES[case]
        by = office.contributor
        assert code_of_page(office, by, cells) == code
        assert codes_of_upload(office, by, cells) == [code]
        assert codes_of_resource(office, by, cells) == [code]
        assert Figure.objects.get().value == 1

    @pytest.mark.parametrize("state", ["submitted", "approved", "verified"])
    def test_is_locked_when_the_office_handed_in(self, office, state):
        factories.submission(office.branch, state=state)
        cells, by = {"code": "FA1.1", "value": "7"}, office.contributor
        assert code_of_page(office, by, cells) == "locked"
        assert codes_of_upload(office, by, cells) == ["locked"]
        assert codes_of_resource(office, by, cells) == ["locked"]

    def test_is_locked_when_the_year_is_closed(self, office):
        office.year.window.closed_at, office.year.window.closed_by = NOW, office.officer
        office.year.window.save()
        cells, by = {"code": "FA1.1", "value": "7"}, office.contributor
        assert code_of_page(office, by, cells) == "locked"
        assert codes_of_upload(office, by, cells) == ["locked"]
        assert codes_of_resource(office, by, cells) == ["locked"]

    def test_is_shut_for_another_office(self, office):
        cells, by = {"code": "FA1.1", "value": "7"}, office.regional
        assert code_of_page(office, by, cells) == "role_needed"
        assert codes_of_resource(office, by, cells) == ["role_needed"]
        with pytest.raises(RuleBroken) as refused:
            codes_of_upload(office, by, cells)
        assert refused.value.code == "role_needed"

    def test_lets_a_part_above_its_whole_stand_as_an_open_check(self, office):
        cells = {"code": "FA2.1", "numerator": "9", "denominator": "4"}
        by = office.contributor
        assert codes_of_upload(office, by, cells) == [""]
        assert codes_of_resource(office, by, cells) == []
        imported(office, by, cells, dry_run=False)
        assert Figure.objects.get(indicator__code="FA2.1").numerator == 9


class TestResource:
    def test_saves_nothing_if_one_row_is_refused(self, office):
        rows = ({"code": "FA1.1", "value": "7"}, {"code": "FA9.9", "value": "8"})
        result = imported(office, office.contributor, *rows, dry_run=False)
        assert [error.error.code for row in result.rows for error in row.errors] == [
            "unknown_indicator"
        ]
        assert Figure.objects.get().value == 1

    def test_counts_what_is_new_changed_and_as_it_is(self, office):
        rows = (
            {"code": "FA1.1", "value": "7", "choice": ""},
            {"code": "FA3.1", "value": "", "choice": "yes"},
        )
        first = imported(office, office.contributor, *rows, dry_run=False)
        second = imported(office, office.contributor, *rows, dry_run=False)
        assert (first.totals["new"], first.totals["update"], first.totals["skip"]) == (1, 1, 0)
        assert (second.totals["new"], second.totals["update"], second.totals["skip"]) == (0, 0, 2)

    def test_gives_out_what_it_takes_in(self, office):
        (row,) = FigureResource().values(Figure.objects.all())
        assert (row["code"], row["office"], row["period"], row["value"], row["version"]) == (
            "FA1.1", "BR1", "2016", Decimal(1), 3,
        )  # fmt: skip
        again = imported(
            office, office.contributor, {k: "" if v is None else str(v) for k, v in row.items()}
        )
        assert again.totals["skip"] == 1


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path: Path):
        def make(value: str) -> str:
            path = tmp_path / "figures.csv"
            path.write_text(f"My figures\n\ncode,value\nFA1.1,{value}\n")
            return str(path)

        return make

    def given(self, house: factories.House) -> list[str]:
        return ["--by", house.contributor.email, "--office", "BR1", "--period", "2016"]

    def test_shows_and_saves_only_if_asked(self, office, file, monkeypatch, capsys):
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
        call_command("import_figures", file("7"), *self.given(office))
        assert capsys.readouterr().out == "Would be saved: 0 new, 1 changed, 0 as they are.\n"
        assert Figure.objects.get().value == 1
        call_command("import_figures", file("7"), *self.given(office), "--save")
        assert Figure.objects.get().value == 7
        assert AuditEntry.objects.last().by == office.contributor

    def test_names_the_row_of_the_file_that_is_refused(self, office, file):
        with pytest.raises(CommandError, match="row 4: “many” is not a number"):
            call_command("import_figures", file("many"), *self.given(office), "--save")
        assert Figure.objects.get().value == 1
