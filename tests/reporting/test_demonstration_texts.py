"""The texts of the demonstration: every figure is there, in every language they are written in."""

from collections.abc import Iterator

import pytest
from demonstration_data import ASSEMBLED_AT as AT
from django.conf import settings
from once import undone

from focus_areas.models import Period
from organization.models import User
from reporting import services
from reporting.assembly import recompose
from reporting.document import LANGUAGES, Paragraph, blocks_of
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, SectionText
from reporting.queries.narrative import clearance
from reporting.services.demonstration import write_demonstration


@pytest.fixture(scope="module")
def report_once(loaded) -> Iterator[Report]:
    biennium = Period.objects.get(code="2016-2017")
    editor = User.objects.get(email="editor@demo.example.org")
    with undone():
        found = services.plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
        write(found, editor)
        yield found


@pytest.fixture
def report(report_once, db) -> Report:
    return Report.objects.select_related("period").get(pk=report_once.pk)


def write(report: Report, editor: User) -> None:
    fixtures = settings.BASE_DIR / "fixtures"
    write_demonstration(report=report, fixtures=fixtures, editor=editor, at=AT)


class TestTexts:
    def test_stand_in_the_way_of_nothing(self, report):
        assert clearance(report, today=AT.date()).blocking == ()

    def test_stand_in_all_languages_passage_by_passage(self, report):
        document = recompose(report, at=AT)
        highlights = [
            block
            for block in blocks_of(document)
            if isinstance(block, Paragraph) and block.section == "highlights"
        ]
        assert len(highlights) == 4
        assert all(set(one.runs) == set(LANGUAGES) for one in highlights)

    def test_say_that_they_are_for_demonstration(self, report):
        bodies = SectionText.objects.filter(section__report=report, language="en")
        assert all(text.body.startswith("*Demonstration text.*") for text in bodies)

    def test_change_nothing_when_written_again(self, report, editor):
        text = SectionText.objects.get(section__report=report, section__code="FA2", language="en")
        SectionText.objects.filter(pk=text.pk).update(body="Mine.")
        write(report, editor)
        text.refresh_from_db()
        assert text.body == "Mine."
