"""Who reads an issued report: the audience of its kind; a corrigendum as the report it corrects."""

from dataclasses import replace
from datetime import date

import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from report_shelf import AT, Shelf
from sample_document import sample_document

from reporting import permissions, queries
from reporting.document import SCHEMA_VERSION, fingerprint, to_json
from reporting.models import Report, ReportDocument
from reporting.queries.reports import report_of_symbol

READERS = {
    "biennial_progress": {"public", "committee", "contributor", "officer"},
    "recommendation_status": {"committee", "contributor", "officer"},
    "imdis": {"contributor", "officer"},
    "a kind of long ago": {"contributor", "officer"},
}


def report_of(kind: str, shelf: Shelf, *, corrects: Report | None = None, state="issued") -> Report:
    """A report of this kind for 2017, or a corrigendum; its symbol is its slug."""
    slug = f"{kind}-2017".replace("_", "-").replace(" ", "-")
    report = Report.objects.create(
        kind=kind, period=factories.period("2017"), slug=slug, corrects=corrects,
        ordinal=1 if corrects else 0,
    )  # fmt: skip
    document = replace(sample_document(), blocks=())
    report.document = ReportDocument.objects.create(
        report=report, number=1, schema_version=SCHEMA_VERSION, content=to_json(document).decode(),
        sha256=fingerprint(document), assembled_at=AT,
    )  # fmt: skip
    report.state, report.cleared_at, report.cleared_by = "cleared", AT, shelf.editor
    if state == "issued":
        report.state, report.symbol = "issued", f"HSP/{slug}"
        report.issued_on, report.issued_by = date(2018, 3, 1), shelf.editor
    report.save()
    return report


def person(name: str, shelf: Shelf):
    return AnonymousUser() if name == "public" else getattr(shelf, name)


class TestAudience:
    @pytest.mark.parametrize("who", ["public", "committee", "contributor", "officer"])
    @pytest.mark.parametrize("kind", READERS)
    def test_reads_the_issued_report_and_its_corrigendum(self, shelf, kind, who):
        report = report_of(kind, shelf)
        correction = report_of("corrigendum", shelf, corrects=report)
        user, reads = person(who, shelf), who in READERS[kind]
        listed = {row.report.pk for row in queries.visible_reports(user)}
        for one in (report, correction):
            assert permissions.may_see(user, one) is reads
            assert (one.pk in listed) is reads
            assert (queries.report_page(one.slug, user) is not None) is reads
            assert (report_of_symbol(one.symbol, user) is not None) is reads

    @pytest.mark.parametrize("who", ["public", "committee", "contributor"])
    @pytest.mark.parametrize("kind", READERS)
    def test_reads_nothing_that_is_only_cleared(self, shelf, kind, who):
        report = report_of(kind, shelf, state="cleared")
        user = person(who, shelf)
        assert not permissions.may_see(user, report)
        assert report.pk not in {row.report.pk for row in queries.visible_reports(user)}
        assert queries.report_page(report.slug, user) is None

    def test_of_somebody_without_a_role_is_the_public(self, shelf):
        report = report_of("recommendation_status", shelf)
        assert not permissions.may_see(factories.person("Nil Norole"), report)

    def test_ends_with_the_role(self, shelf):
        report = report_of("recommendation_status", shelf)
        shelf.committee.assignments.update(until=date(2018, 3, 1))
        assert not permissions.may_see(type(shelf.committee).objects.get(pk=shelf.committee.pk), report)


class TestPagesOfACommitteeReport:
    ADDRESSES = (
        "/en/reports/recommendation-status-2017/", "/en/reports/recommendation-status-2017/en.xlsx",
        "/en/symbols/HSP/recommendation-status-2017", "/api/v1/reports/recommendation-status-2017/",
    )  # fmt: skip

    def test_are_not_there_for_the_public(self, shelf, client):
        report_of("recommendation_status", shelf)
        assert {client.get(address).status_code for address in self.ADDRESSES} == {404}
        for page in ("/en/", "/en/reports/", "/api/v1/reports/"):
            assert "HSP/recommendation-status-2017" not in client.get(page).content.decode()

    def test_are_there_for_the_committee_but_not_in_the_public_interface(self, shelf, client):
        report_of("recommendation_status", shelf)
        client.force_login(shelf.committee)
        page, _file, symbol, interface = (client.get(address) for address in self.ADDRESSES)
        assert (page.status_code, symbol.status_code, interface.status_code) == (200, 302, 404)
        assert "HSP/recommendation-status-2017" in client.get("/en/reports/").content.decode()
