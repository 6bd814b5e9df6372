"""The round trip of a workbook, as a person makes it: download, fill in, upload, confirm."""

import csv
import html
import io
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import factories
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from workbooks import cell, column, fill, opened, row, saved, table

from indicators.models import Achievement, Authority, Figure, FigurePart, Upload
from indicators.tasks import remove_old_uploads
from organization.models import AuditEntry, RoleAssignment, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A folder of its own for the files of uploads."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def office(house: factories.House) -> factories.House:
    """Indicators of four kinds, one of them counted, one divided by sex."""
    where = [house.branch]
    number = factories.indicator("FA1.1", offices=where, decimals=1)
    number.axes.add(factories.axis("sex", "women", "men"))
    factories.indicator("FA2.1", kind="ratio", offices=where)
    factories.indicator("FA3.1", kind="yes_no", offices=where)
    factories.indicator("FA4.1", kind="count", offices=where)
    factories.country()
    return house


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def workbook(client: Client, language: str = "en", path: str = "BR1/2016") -> bytes:
    response = client.get(f"/{language}/offices/{path}.xlsx")
    assert response.status_code == 200
    return response.content


def send(
    client: Client,
    content: bytes,
    *,
    query: str = "kind=figures&office=BR1&period=2016",
    name: str = "BR1-2016.xlsx",
    language: str = "en",
):
    file = SimpleUploadedFile(name, content)
    form = {"file": file, "language": language}
    return client.post(f"/{language}/uploads/new/?{query}", form, follow=True)


def seen(response) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', response.content.decode())
    assert found, text(response)
    return found[1]


def press(client: Client, response, button: str):
    path = response.redirect_chain[-1][0]
    return client.post(path, {"do": button, "seen": seen(response)}, follow=True)


class TestRoundTrip:
    def test_of_a_workbook_ends_on_the_grid(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        sheet = book["Figures"]
        fill(sheet, "FA1.1", Value=12.5, What_happened="Two towns joined late.")
        fill(sheet, "FA2.1", Part=3, Whole=8)
        fill(sheet, "FA3.1", Answer="Yes")
        parts = book["Disaggregation"]
        parts.cell(4, column(parts, "Value")).value = 7
        listed = book["Achievements"]
        typed = ["FA4.1", "Alba Town", "Land XAA", "local", "2016-05-03", "Gazette 12"]
        for place, value in enumerate(typed, 1):
            listed.cell(4, place).value = value
        preview = send(client, saved(book))
        assert "Four rows would change; nothing is saved yet" in text(preview)
        assert "Two towns joined late." in text(preview)
        assert not Figure.objects.exists() and not Achievement.objects.exists()
        done = press(client, preview, "confirm")
        assert "Saved: four rows" in text(done)
        stored = {one.indicator.code: one for one in Figure.objects.all()}
        assert stored["FA1.1"].value == Decimal("12.5")
        assert stored["FA1.1"].explanation == "Two towns joined late."
        assert (stored["FA2.1"].numerator, stored["FA2.1"].denominator) == (3, 8)
        assert stored["FA3.1"].choice == "yes"
        assert FigurePart.objects.get().value == 7
        assert Achievement.objects.get().authority.name == "Alba Town"
        grid = client.get("/en/offices/BR1/2016/").content.decode()
        assert 'value="12.5"' in grid

    def test_in_french_reads_a_decimal_comma_and_french_words(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client, "fr"))
        sheet = book.worksheets[1]
        place = row(sheet, "FA1.1")
        headings = [one.value for one in sheet[3]]
        sheet.cell(place, 7).value = "1 234,5"
        sheet.cell(row(sheet, "FA3.1"), 10).value = "Oui"
        assert headings[6] == "Valeur"
        done = press(client, send(client, saved(book), language="fr"), "confirm")
        assert done.status_code == 200
        assert Figure.objects.get(indicator__code="FA1.1").value == Decimal("1234.5")
        assert Figure.objects.get(indicator__code="FA3.1").choice == "yes"

    def test_in_arabic_runs_from_the_right_and_reads_arabic_digits(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client, "ar"))
        assert all(one.sheet_view.rightToLeft for one in book.worksheets if one.title != "Lists")
        sheet = book.worksheets[1]
        sheet.cell(row(sheet, "FA1.1"), 7).value = "١٢٫٥"
        press(client, send(client, saved(book), language="ar"), "confirm")
        assert Figure.objects.get().value == Decimal("12.5")

    def test_of_plain_csv(self, office):
        client = signed_in(office.contributor)
        content = client.get("/en/offices/BR1/2016.csv").content.decode("utf-8-sig")
        lines = content.splitlines()
        place = lines[0].split(",").index("Value")
        first = next(n for n, line in enumerate(lines) if line.startswith("FA1.1"))
        cells = next(csv.reader([lines[first]]))
        cells[place] = "7.5"
        out = io.StringIO()
        csv.writer(out).writerow(cells)
        lines[first] = out.getvalue().strip()
        preview = send(client, "\r\n".join(lines).encode(), name="BR1-2016.csv")
        assert "One row would change" in text(preview)
        press(client, preview, "confirm")
        assert Figure.objects.get().value == Decimal("7.5")

    def test_a_second_upload_of_the_same_file_changes_nothing_and_says_so(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value=3)
        content = saved(book)
        press(client, send(client, content), "confirm")
        entries, version = AuditEntry.objects.count(), Figure.objects.get().version
        again = send(client, content)
        assert "Nothing in this file differs from what is stored" in text(again)
        assert 'value="confirm"' not in again.content.decode()
        assert Figure.objects.get().version == version
        assert {one.action for one in AuditEntry.objects.filter(number__gt=entries)} == {
            "upload file",
            "read file",
        }


class TestWorkbook:
    def test_locks_all_but_what_is_filled_in(self, office):
        sheet = opened(workbook(signed_in(office.contributor)))["Figures"]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not cell(sheet, "FA1.1", "Value").protection.locked
        assert cell(sheet, "FA1.1", "Part").protection.locked
        assert cell(sheet, "FA4.1", "Value").protection.locked
        assert cell(sheet, "FA4.1", "What to enter").value == (
            "counted: see the sheet “Achievements”"
        )
        assert sheet.column_dimensions["P"].hidden  # office
        assert sheet.column_dimensions["Q"].hidden  # year and version
        assert sheet.freeze_panes == "C4"

    def test_offers_answers_and_causes_in_drop_downs(self, office):
        book = opened(workbook(signed_in(office.contributor)))
        sheet = book["Figures"]
        lists = {
            str(one.sqref): one.formula1
            for one in sheet.data_validations.dataValidation
            if one.type == "list"
        }
        answer = cell(sheet, "FA3.1", "Answer").coordinate
        hidden = book["Lists"]
        column_letter = lists[answer].split("$")[1]
        assert [one.value for one in hidden[column_letter]][:2] == ["Yes", "No"]
        assert book["Lists"].sheet_state == "veryHidden"
        assert cell(sheet, "FA1.1", "Cause, if behind target").coordinate in lists

    def test_holds_last_value_target_and_number_format(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        factories.figure(measure, office.branch, "2015", "8.5")
        factories.target(measure, 2016, "20", office=office.branch)
        sheet = opened(workbook(signed_in(office.contributor)))["Figures"]
        assert cell(sheet, "FA1.1", "Last value").value == 8.5
        assert cell(sheet, "FA1.1", "Target").value == 20
        assert cell(sheet, "FA1.1", "Value").number_format == "#,##0.0"

    def test_never_holds_a_formula(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        factories.figure(measure, office.branch, "2016", "1", explanation="=1+1")
        sheet = opened(workbook(signed_in(office.contributor)))["Figures"]
        found = cell(sheet, "FA1.1", "What happened")
        assert (found.value, found.data_type) == ("=1+1", "s")

    def test_is_hidden_from_another_office(self, office):
        assert signed_in(office.regional).get("/en/offices/BR1/2016.xlsx").status_code == 404


class TestRefusals:
    def test_come_back_inside_the_workbook(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value="many")
        fill(book["Figures"], "FA2.1", Part=3, Whole=8)
        content = saved(book)
        preview = send(client, content)
        assert "One row is refused; nothing is saved yet" in text(preview)
        assert "Figures, row 4, cell G4" in text(preview)
        number = Upload.objects.get().pk
        marked = opened(client.get(f"/en/uploads/{number}/errors/").content)["Figures"]
        wrong = cell(marked, "FA1.1", "Value")
        assert wrong.value == "many"
        assert wrong.comment.text.startswith("“many” is not a number.")
        assert wrong.fill.start_color.rgb == "FFF6D9D5"
        assert cell(marked, "FA1.1", "What to do").value.startswith("“many” is not a number.")
        assert cell(marked, "FA2.1", "What to do").value is None
        assert cell(marked, "FA2.1", "Part").value == 3
        assert marked.protection.sheet
        assert len(marked.data_validations.dataValidation) == len(
            opened(content)["Figures"].data_validations.dataValidation
        )

    def test_are_gone_from_a_workbook_that_was_corrected(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value="many")
        fill(book["Figures"], "FA2.1", Part="few", Whole=8)
        send(client, saved(book))
        first = opened(client.get(f"/en/uploads/{Upload.objects.get().pk}/errors/").content)
        fill(first["Figures"], "FA1.1", Value=5)
        send(client, saved(first))
        number = Upload.objects.latest("pk").pk
        second = opened(client.get(f"/en/uploads/{number}/errors/").content)["Figures"]
        assert cell(second, "FA1.1", "Value").comment is None
        assert cell(second, "FA1.1", "What to do").value is None
        assert cell(second, "FA2.1", "Part").comment is not None
        assert [one.value for one in second[3]].count("What to do") == 1

    def test_come_back_inside_a_csv_file(self, office):
        client = signed_in(office.contributor)
        content = b"code;value;note\nFA1.1;viele;a,b\n"
        send(client, content, name="mine.csv")
        found = client.get(f"/en/uploads/{Upload.objects.get().pk}/errors/").content
        rows = list(csv.reader(io.StringIO(found.decode("utf-8-sig")), delimiter=";"))
        assert rows[0] == ["code", "value", "note", "What to do"]
        assert rows[1][:3] == ["FA1.1", "viele", "a,b"]
        assert rows[1][3].startswith("“viele” is not a number.")

    def test_let_only_the_right_rows_be_saved_if_that_is_chosen(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value="many")
        fill(book["Figures"], "FA2.1", Part=3, Whole=8)
        preview = send(client, saved(book))
        assert 'value="confirm"' not in preview.content.decode()
        forced = press(client, preview, "confirm")
        assert forced.status_code == 409 and not Figure.objects.exists()
        press(client, preview, "right")
        assert [one.indicator.code for one in Figure.objects.all()] == ["FA2.1"]
        reasons = AuditEntry.objects.exclude(reason="").values_list("reason", flat=True)
        assert set(reasons) == {
            "BR1-2016.xlsx: only the rows that are right; 1 refused rows were left out."
        }

    def test_of_a_formula_name_its_cell(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value="=1+1")
        preview = send(client, saved(book))
        assert "One row is refused" in text(preview)
        assert "cell G4" in text(preview)

    def test_of_the_workbook_of_another_office_are_whole(self, office):
        grant = factories.grant(office.contributor, "contributor", office.region)
        assert grant.pk
        client = signed_in(office.contributor)
        content = workbook(client)
        answer = send(client, content, query="kind=figures&office=RO1&period=2016")
        assert "This file cannot be read" in text(answer)
        assert "This file is for BR1 and 2016 (row 4), and this page for RO1 and 2016." in text(
            answer
        )

    def test_of_two_rows_on_one_figure(self, office):
        client = signed_in(office.contributor)
        content = table(["Code", "Value"], ["FA1.1", 1], ["FA1.1", 2])
        assert "This stands in the file twice." in text(send(client, content))

    def test_of_a_file_that_is_no_table(self, office):
        client = signed_in(office.contributor)
        answer = send(client, b"%PDF-1.7 nothing to read", name="plan.pdf")
        assert "This file cannot be read" in text(answer)
        assert Upload.objects.get().state == "refused"


class TestMeanwhile:
    def test_a_colleague_who_changed_a_figure_is_seen_as_a_clash(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        factories.figure(measure, office.branch, "2016", "1", changed_by=office.contributor)
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        fill(book["Figures"], "FA1.1", Value=5)
        Figure.objects.update(value=2, version=2, changed_by=office.approver)
        preview = send(client, saved(book))
        assert "Bo Approver changed this after you opened the page." in text(preview)

    def test_a_change_after_the_preview_shows_the_preview_again(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        client = signed_in(office.contributor)
        preview = send(client, table(["Code", "Value"], ["FA1.1", 5]))
        factories.figure(measure, office.branch, "2016", "4")
        again = press(client, preview, "confirm")
        assert "Something changed after you looked at this file" in text(again)
        assert Figure.objects.get().value == 4
        assert Upload.objects.get().state == "read"
        press(client, again, "confirm")
        assert Figure.objects.get().value == 5

    def test_a_step_that_nobody_named_saves_nothing(self, office):
        client = signed_in(office.contributor)
        preview = send(client, table(["Code", "Value"], ["FA1.1", 5]))
        for button in ("", "approve"):
            refused = press(client, preview, button)
            assert refused.status_code == 409
            assert "Choose what to do with the file." in text(refused)
        assert Upload.objects.get().state == "read"
        assert not Figure.objects.exists()

    def test_a_year_that_was_closed_refuses_the_file(self, office):
        client = signed_in(office.contributor)
        preview = send(client, table(["Code", "Value"], ["FA1.1", 5]))
        factories.submission(office.branch, state="submitted")
        again = press(client, preview, "confirm")
        assert "One row is refused" in text(again)
        assert not Figure.objects.exists()

    def test_a_role_that_ended_ends_the_upload(self, office):
        client = signed_in(office.contributor)
        preview = send(client, table(["Code", "Value"], ["FA1.1", 5]))
        RoleAssignment.objects.filter(user=office.contributor).delete()
        path = preview.redirect_chain[-1][0]
        assert client.post(path, {"do": "confirm", "seen": seen(preview)}).status_code == 404
        assert not Figure.objects.exists()


class TestWhoSeesIt:
    def test_the_sender_and_colleagues_with_the_same_right(self, office):
        send(signed_in(office.contributor), table(["Code", "Value"], ["FA1.1", 5]))
        path = f"/en/uploads/{Upload.objects.get().pk}/"
        colleague = factories.person("Gus", contributor=office.branch)
        assert signed_in(colleague).get(path).status_code == 200
        for stranger in (office.regional, office.officer, office.approver):
            assert signed_in(stranger).get(path).status_code == 404
            assert signed_in(stranger).post(path, {"do": "discard"}).status_code == 404
            assert signed_in(stranger).get(f"{path}errors/").status_code == 404

    def test_nobody_finds_the_file_under_an_address(self, office, shelf):
        client = signed_in(office.contributor)
        send(client, table(["Code", "Value"], ["FA1.1", 5]))
        (kept,) = [one for one in (shelf / "uploads").iterdir() if one.suffix == ".file"]
        for prefix in ("files", "media", "static", "files/uploads", "uploads"):
            assert client.get(f"/{prefix}/{kept.name}").status_code == 404

    def test_the_file_is_removed_when_it_is_over(
        self, office, shelf, django_capture_on_commit_callbacks
    ):
        client = signed_in(office.contributor)
        first = send(client, table(["Code", "Value"], ["FA1.1", 5]))
        second = send(client, table(["Code", "Value"], ["FA1.1", 6]))
        assert len(list((shelf / "uploads").iterdir())) == 4
        with django_capture_on_commit_callbacks(execute=True):
            press(client, first, "confirm")
            press(client, second, "discard")
        assert list((shelf / "uploads").iterdir()) == []
        assert Upload.objects.get(pk=1 + Upload.objects.earliest("pk").pk).state == "discarded"

    def test_a_file_that_nobody_confirmed_is_put_away_after_thirty_days(
        self, office, shelf, django_capture_on_commit_callbacks
    ):
        client = signed_in(office.contributor)
        send(client, table(["Code", "Value"], ["FA1.1", 5]))
        send(client, table(["Code", "Value"], ["FA1.1", 6]))
        old = Upload.objects.earliest("pk")
        Upload.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=31))
        with django_capture_on_commit_callbacks(execute=True):
            remove_old_uploads()
        assert [one.state for one in Upload.objects.order_by("pk")] == ["discarded", "read"]
        assert len(list((shelf / "uploads").iterdir())) == 2


class TestLists:
    def test_figures_go_round_with_office_and_year(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        factories.figure(measure, office.branch, "2016", "1")
        factories.figure(
            factories.indicator("FA9.1", offices=[office.region]), office.region, "2016", "4"
        )
        client = signed_in(office.contributor)
        book = opened(client.get("/en/lists/figures.xlsx").content)
        rows = list(book.active.iter_rows(values_only=True))
        assert [row[:4] for row in rows] == [
            ("code", "office", "period", "value"),
            ("FA1.1", "BR1", "2016", 1),
        ]
        book.active.cell(2, 4).value = 6
        preview = send(client, saved(book), query="kind=figures", name="figures.xlsx")
        assert "FA1.1 BR1 2016" in text(preview)
        press(client, preview, "confirm")
        assert Figure.objects.get(office=office.branch).value == 6

    def test_targets_go_round_for_quality_assurance(self, office):
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        factories.baseline(measure, "2")
        factories.target(measure, 2018, "20", reason="First")
        client = signed_in(office.officer)
        book = opened(client.get("/en/lists/targets.xlsx").content)
        sheet = book["Targets"]
        assert cell(sheet, "FA1.1", "Value").value == 20
        fill(sheet, "FA1.1", Value=25)
        refused = send(client, saved(book), query="kind=targets", name="targets.xlsx")
        assert "Say why the target is revised." in text(refused)
        fill(sheet, "FA1.1", Reason="More towns joined.")
        preview = send(client, saved(book), query="kind=targets", name="targets.xlsx")
        press(client, preview, "confirm")
        versions = measure.targets.order_by("version").values_list("version", "value", "reason")
        assert list(versions) == [(1, 20, "First"), (2, 25, "More towns joined.")]

    def test_baselines_go_round_for_quality_assurance(self, office):
        client = signed_in(office.officer)
        sheet_of = opened(client.get("/en/lists/baselines.xlsx").content)
        fill(sheet_of["Baselines"], "FA1.1", Value=2, Year=2013, Source="Survey of 2013")
        preview = send(client, saved(sheet_of), query="kind=baselines", name="b.xlsx")
        assert "baseline" in text(preview).casefold()
        press(client, preview, "right")
        measure = office.branch.indicators.get(indicator__code="FA1.1").indicator
        assert (measure.baseline.value, measure.baseline.year) == (2, 2013)

    def test_authorities_go_round_for_contributors(self, office):
        factories.authority("Alba Town")
        client = signed_in(office.contributor)
        book = opened(client.get("/en/lists/authorities.xlsx").content)
        sheet = book["Authorities"]
        assert sheet.cell(4, 1).value == "Alba Town"
        for place, value in enumerate(["Bela Port", "local", "Land XAA", "Port of Bela"], 1):
            sheet.cell(5, place).value = value
        preview = send(client, saved(book), query="kind=authorities", name="a.xlsx")
        assert "One row would change" in text(preview)
        press(client, preview, "confirm")
        made = Authority.objects.get(name="Bela Port")
        assert [other.name for other in made.names.all()] == ["Port of Bela"]

    def test_are_for_those_who_may(self, office):
        for kind in ("targets", "baselines"):
            assert signed_in(office.contributor).get(f"/en/lists/{kind}.csv").status_code == 404
            assert signed_in(office.officer).get(f"/en/lists/{kind}.csv").status_code == 200
        regional = signed_in(office.regional)
        assert regional.get("/en/lists/achievements.csv").status_code == 200
        assert regional.get("/en/lists/salaries.csv").status_code == 404

    def test_show_a_contributor_the_achievements_of_their_office_only(self, office):
        measure = office.branch.indicators.get(indicator__code="FA4.1").indicator
        factories.achievement(measure, factories.authority("Alba Town"), office.branch)
        assert (
            b"Alba Town" in signed_in(office.contributor).get("/en/lists/achievements.csv").content
        )
        assert (
            b"Alba Town" not in signed_in(office.regional).get("/en/lists/achievements.csv").content
        )


class TestCosts:
    @pytest.fixture
    def many(self, office):
        def make(count: int) -> bytes:
            codes = [f"MK.{count}.{number}" for number in range(count)]
            for code in codes:
                factories.indicator(code, offices=[office.branch])
            return table(
                ["Code", "Value", "What happened"], *([c, 5, "As planned."] for c in codes)
            )

        return make

    def test_reading_showing_and_saving_take_as_many_queries_for_200_rows_as_for_10(
        self, office, many
    ):
        client = signed_in(office.contributor)
        counted = []
        press(client, send(client, many(1)), "confirm")
        for count in (10, 200):
            content = many(count)
            with CaptureQueriesContext(connection) as reading:
                preview = send(client, content)
            with CaptureQueriesContext(connection) as saving:
                press(client, preview, "confirm")
            counted.append((len(reading), len(saving)))
        assert Figure.objects.count() == 211
        (reading_ten, saving_ten), (reading_more, saving_more) = counted
        assert reading_ten == reading_more
        # SQLite takes 999 values a statement, so 200 new rows are inserted by four.
        assert saving_more - saving_ten in {0, 3}

    def test_the_workbook_takes_as_many_queries_for_60_indicators_as_for_4(self, office):
        client = signed_in(office.contributor)
        with CaptureQueriesContext(connection) as few:
            workbook(client)
        for number in range(56):
            factories.indicator(f"MK.{number}", offices=[office.branch])
        with CaptureQueriesContext(connection) as more:
            workbook(client)
        assert len(few) == len(more)
