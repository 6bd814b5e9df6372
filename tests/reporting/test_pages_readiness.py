"""What a coming report lacks, and the button that reminds all."""

import html
import re
from decimal import Decimal
from typing import Any

import factories
import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import CheckAnswer, Figure, Indicator, Remark
from indicators.queries.readiness import Lack, Readiness, readiness
from organization.models import AuditEntry, Notice, User
from organization.services import notices
from reporting.models import Report

PAGE = "/en/reports/biennial-progress-2016-2017/readiness/"
LEVELS = ("focus_area", "support")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def biennium(house: factories.House) -> Any:
    factories.period("2017")
    return factories.period("2016-2017")


def measure(code: str, *offices: Any, **fields: Any) -> Indicator:
    """An indicator that is due each year."""
    return factories.indicator(code, offices=offices, frequency="annual", **fields)


def read(biennium: Any) -> Readiness:
    return readiness(levels=LEVELS, period=biennium)


def lacks(biennium: Any) -> dict[tuple[str, str, int], list[str]]:
    return {
        (item.office.code, item.indicator.code, item.year): [str(lack) for lack in item.lacks]
        for item in read(biennium).items
    }


class TestReadiness:
    def test_tells_missing_open_returned_and_waiting_apart(self, house, biennium):
        one = measure("AA1", house.branch, house.region)
        factories.figure(one, house.branch, "2016", "0")
        factories.figure(one, house.region, "2016", "0")
        factories.figure(one, house.region, "2017", "0")
        factories.submission(house.region, "2016", state="submitted")
        factories.submission(house.region, "2017", state="returned")
        assert lacks(biennium) == {
            ("BR1", "AA1", 2016): ["open"],
            ("BR1", "AA1", 2017): ["missing"],
            ("RO1", "AA1", 2016): ["waiting"],
            ("RO1", "AA1", 2017): ["returned"],
        }

    def test_is_silent_about_what_is_approved_proved_and_in_time(self, house, biennium):
        one = measure("AA1", house.branch)
        for year in ("2016", "2017"):
            factories.figure(one, house.branch, year, "5")
            factories.evidence(one, house.branch, year)
            factories.submission(house.branch, year, state="approved")
        found = read(biennium)
        assert (found.expected, found.items) == (2, ())

    def test_asks_for_evidence_unless_it_is_zero_or_said_why_there_is_none(self, house, biennium):
        for code, value in (("AA1", "3"), ("AA2", "0"), ("AA3", "4")):
            one = factories.figure(measure(code, house.branch), house.branch, "2016", value)
            if code == "AA3":
                CheckAnswer.objects.create(
                    figure=one, check_code="no_evidence", sentence="The gazette is in print.",
                    answered_at=factories.NOW, answered_by=house.contributor,
                )  # fmt: skip
        factories.submission(house.branch, "2016", state="approved")
        found = {key: said for key, said in lacks(biennium).items() if key[2] == 2016}
        assert found == {("BR1", "AA1", 2016): ["unproved"]}

    def test_asks_for_an_explanation_of_what_is_behind_its_target(self, house, biennium):
        for code, value in (("AA1", "5"), ("AA2", "20"), ("AA3", "5")):
            one = measure(code, house.branch)
            factories.target(one, 2016, "20", office=house.branch)
            factories.evidence(one, house.branch, "2016")
            factories.figure(one, house.branch, "2016", value)
        Figure.objects.filter(indicator__code="AA3").update(
            cause="funding", explanation="Funds came in May.", measures="Work goes on in June."
        )
        factories.submission(house.branch, "2016", state="approved")
        found = {key: said for key, said in lacks(biennium).items() if key[2] == 2016}
        assert found == {("BR1", "AA1", 2016): ["unexplained"]}

    def test_counts_authorities_to_date_against_the_target(self, house, biennium):
        one = measure("AA1", house.branch, kind="count")
        factories.target(one, 2016, "2", office=house.branch)
        for year in ("2016", "2017"):
            factories.submission(house.branch, year, state="approved")
        assert lacks(biennium) == {("BR1", "AA1", 2016): ["unexplained"]}
        duplicate, kept = factories.authority(), factories.authority()
        factories.achievement(one, kept, house.branch, "2016")
        factories.achievement(one, duplicate, house.branch, "2016")
        assert lacks(biennium) == {}
        duplicate.merged_into = kept
        duplicate.save()
        assert lacks(biennium) == {("BR1", "AA1", 2016): ["unexplained"]}

    def test_asks_what_shows_an_achievement(self, house, biennium):
        one = measure("AA1", house.branch, kind="count")
        factories.submission(house.branch, "2016", state="approved")
        made = factories.achievement(one, factories.authority(), house.branch, "2016")
        made.evidence = ""
        made.save()
        assert lacks(biennium)["BR1", "AA1", 2016] == ["unproved"]

    def test_names_open_questions_until_they_are_settled(self, house, biennium):
        one = measure("AA1", house.branch)
        factories.figure(one, house.branch, "2016", "0")
        factories.submission(house.branch, "2016", state="approved")
        remark = Remark.objects.create(
            indicator=one, office=house.branch, period=house.year, kind="query",
            text="Which towns?", made_at=factories.NOW, made_by=house.officer,
        )  # fmt: skip
        assert lacks(biennium)["BR1", "AA1", 2016] == ["asked"]
        remark.settled_at, remark.settled_by = factories.NOW, house.officer
        remark.save()
        assert ("BR1", "AA1", 2016) not in lacks(biennium)

    def test_leaves_out_statistics_other_levels_and_years_not_reported_on(self, house, biennium):
        measure("AA1", house.branch, kind="statistic")
        ended = measure("AA2")
        factories.assign(ended, house.branch, until_year=2016)
        assert set(lacks(biennium)) == {("BR1", "AA2", 2016)}

    def test_takes_the_same_queries_for_five_and_for_sixty(self, house, biennium):
        area = factories.result(office=house.branch, area=factories.focus_area(branch=house.branch))

        def count(first: int, last: int) -> int:
            for number in range(first, last):
                office = factories.office(f"OF{number}")
                one = measure(f"QC{number}", office, house.branch, result=area)
                factories.figure(one, office, "2016", "3")
            with CaptureQueriesContext(connection) as captured:
                found = read(biennium)
                assert [(item.area, item.office.name) for item in found.items]
            return len(captured)

        assert count(0, 5) == count(5, 60) == 9


class TestPage:
    def test_says_the_answer_and_leads_to_each_figure(self, house, biennium):
        one = measure("AA1", house.branch)
        factories.figure(one, house.branch, "2016", "0")
        factories.submission(house.branch, "2016", state="approved")
        body = text(signed_in(house.officer).get(PAGE))
        assert "<h1>One of two figures is not ready</h1>" in body
        assert 'href="/en/offices/BR1/2017/AA1/"' in body
        assert 'href="/en/offices/BR1/2016/AA1/"' not in body
        assert '<a href="#office-BR1">1</a>' in body
        assert 'id="office-BR1"' in body

    def test_says_so_when_all_is_ready(self, house, biennium):
        one = measure("AA1", house.branch)
        for year in ("2016", "2017"):
            factories.figure(one, house.branch, year, "0")
            factories.submission(house.branch, year, state="verified")
        body = text(signed_in(house.officer).get(PAGE))
        assert "<h1>All figures are ready</h1>" in body
        assert "Remind all" not in body

    @pytest.mark.parametrize(
        ("role", "status", "may_remind"),
        [
            ("quality_assurance", 200, True),
            ("report_editor", 200, False),
            ("manager", 200, False),
            ("evaluation_officer", 404, False),
            ("administrator", 404, False),
            ("committee", 404, False),
            ("contributor", 404, False),
            ("approver", 404, False),
        ],
    )
    def test_is_for_those_who_prepare_reports(self, house, biennium, role, status, may_remind):
        measure("AA1", house.branch)
        client = signed_in(factories.person("Gil", **{role: house.branch}))
        response = client.get(PAGE)
        assert response.status_code == status
        assert ("Remind all" in text(response)) is may_remind
        assert client.get("/en/readiness/").status_code == (302 if status == 200 else 404)
        assert (client.post(PAGE).status_code == 302) is may_remind
        assert Notice.objects.exists() is may_remind

    def test_asks_strangers_to_sign_in(self, house, biennium):
        assert "sign-in" in Client().get(PAGE).headers["Location"]

    def test_is_over_once_the_report_is_issued(self, house, biennium):
        Report.objects.create(
            kind="biennial_progress", period=biennium, slug="biennial-progress-2016-2017"
        )
        client = signed_in(house.officer)
        assert client.get(PAGE).status_code == 200
        assert client.get("/en/reports/biennial-progress-2015/readiness/").status_code == 404
        assert client.get("/en/readiness/").headers["Location"] == PAGE

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, biennium, language):
        measure("AA1", house.branch)
        page = PAGE.replace("/en/", f"/{language}/")
        assert signed_in(house.officer).get(page).status_code == 200

    def test_takes_the_same_queries_whatever_is_missing(self, house, biennium):
        client = signed_in(house.officer)

        def count(first: int, last: int) -> int:
            for number in range(first, last):
                measure(f"QC{number}", factories.office(f"OF{number}"))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(PAGE).status_code == 200
            return len(captured)

        assert count(0, 5) == count(5, 60) <= 19


class TestRemindAll:
    def test_tells_each_office_its_own_list_once_a_day(self, house, biennium):
        measure("AA1", house.branch, house.region)
        measure("AA2", house.region)
        client = signed_in(house.officer)
        first = text(client.post(PAGE, follow=True))
        assert "Two offices are reminded: Office BR1; Office RO1." in first
        again = text(client.post(PAGE, follow=True))
        assert "Reminded today already, so not again: Office BR1; Office RO1." in again
        assert notices.send(at=timezone.now()) == 2
        told = {message.to[0]: message.body for message in mail.outbox}
        assert "AA2" not in told["ana.contributor@example.org"]
        assert "Not entered: AA1 (2016), AA1 (2017), AA2 (2016)" in told["di.regional@example.org"]
        assert "/en/offices/RO1/2017/?show=todo" in told["di.regional@example.org"]
        assert re.search(r"Biennial progress report .*, 2016–2017", told["di.regional@example.org"])

    def test_turns_to_the_approver_where_all_waits_for_approval(self, house, biennium):
        one = measure("AA1", house.branch)
        for year in ("2016", "2017"):
            factories.figure(one, house.branch, year, "0")
            factories.submission(house.branch, year, state="submitted")
        signed_in(house.officer).post(PAGE)
        assert set(Notice.objects.values_list("recipient__name", flat=True)) == {
            "Bo Approver",
            "Cy Approver",
        }

    def test_says_where_nobody_is_there_to_be_told(self, house, biennium):
        measure("AA1", factories.office("LONE"))
        body = text(signed_in(house.officer).post(PAGE, follow=True))
        assert "Nobody enters figures for Office LONE." in body

    def test_is_in_the_audit_trail(self, house, biennium):
        measure("AA1", house.branch)
        signed_in(house.officer).post(PAGE)
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.by, entry.office) == (
            "tell people", house.officer, house.branch,
        )  # fmt: skip
        assert entry.reason.startswith("prompt/biennial-progress-2016-2017/BR1/")


def test_counts_each_lack_once_for_each_figure(house, biennium):
    measure("AA1", house.branch)
    found = read(biennium)
    assert found.counted() == {Lack.MISSING: 2}
    assert Decimal(found.expected) == 2
