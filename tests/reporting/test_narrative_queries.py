"""How often the database is asked for what offices write, whatever the number of figures."""

from datetime import date

import pytest
from demonstration_data import AT
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from focus_areas.models import Period
from organization.models import User
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report
from reporting.queries.my_sections import my_sections
from reporting.queries.narrative import draft
from reporting.services import narrative, plan_report, section_steps

TODAY = date(2018, 2, 2)
MANY = " ".join(f"[[FA{n}.1@{y}:{what}]]" for n in range(1, 8) for y in (2015, 2017)
                for what in ("actual", "target", "baseline"))  # fmt: skip


@pytest.fixture
def report(biennium: Period, editor: User) -> Report:
    found = plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
    narrative.open_sections(report=found, by=editor, at=AT)
    return found


def fill(report: Report, codes: list[str], body: str, by: User) -> None:
    for section in report.sections.filter(code__in=codes):
        narrative.save(section=section, language="en", body=body, seen_revision=0, by=by, at=AT)


class TestQueries:
    def test_of_a_draft_do_not_grow_with_sections_and_figures(
        self, report: Report, editor: User
    ) -> None:
        fill(report, ["FA1"], "[[FA1.1@2017:actual]]", editor)
        with CaptureQueriesContext(connection) as few:
            draft(report, editor, today=TODAY)
        fill(report, ["FA2", "FA3", "FA4", "highlights"], MANY, editor)
        with CaptureQueriesContext(connection) as many:
            found = draft(report, editor, today=TODAY)
        assert found is not None
        assert sum(len(row.bound) for row in found.rows) == 1 + 4 * 42
        assert len(many) <= len(few)
        assert len(many) <= 50

    def test_of_a_page_do_not_grow_with_figures(
        self, report: Report, editor: User, client: Client
    ) -> None:
        client.force_login(editor)
        address = f"/en/reports/{report.slug}/draft/FA1/"
        sent = {"in": "en", "person": editor.pk}
        client.post(f"{address}save/", sent | {"body": "[[FA1.1@2017:actual]]", "revision": 0})
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        with CaptureQueriesContext(connection) as saved:
            client.post(f"{address}save/", sent | {"body": MANY, "revision": 1})
        with CaptureQueriesContext(connection) as many:
            assert client.get(address).status_code == 200
        assert len(many) <= len(few)
        assert len(many) <= 45
        assert len(saved) <= 90

    def test_of_my_sections_do_not_grow_with_them(self, report: Report, editor: User) -> None:
        user = User.objects.get(email="updb.enter@demo.example.org")
        with CaptureQueriesContext(connection) as few:
            assert [row.section.code for row in my_sections(user)] == ["FA2"]
        fill(report, ["FA1", "FA2", "FA3"], "Done.", editor)
        for section in report.sections.filter(code__in=["FA1", "FA2", "FA3"]):
            section_steps.send(section=section, by=editor, at=AT)
        with CaptureQueriesContext(connection) as many:
            found = my_sections(editor)
        assert [row.section.code for row in found] == ["FA1", "FA2", "FA3"]
        assert [row.words for row in found] == [1, 1, 1]
        assert len(many) <= len(few) + 1
