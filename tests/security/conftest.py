"""The whole site with the plan and the demonstration, as every test of its routes sees it."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from migrated_file import migrated  # noqa: F401  # a fixture
from once import undone
from site_of_demonstration import people_of_demonstration, storage_in

from evaluations.models import Evaluation, Lesson, Project
from evaluations.services import imports
from focus_areas.models import Period
from indicators.models import Indicator, Submission
from indicators.services import authorities, evidence, uploads
from indicators.services.authorities import NewAchievement
from organization.models import Country, Office, User
from reporting import services
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Question, Report
from reporting.services import narrative, questions, section_steps
from reporting.services.load_calendar import load_calendar

# The rows of the demonstration are those that the tests of reports copy from module to module.
sys.path.append(str(Path(__file__).resolve().parents[1] / "reporting"))
from loaded_rows import load_or_copy

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The plan and the demonstration, loaded once a module and taken back afterwards."""
    with django_db_blocker.unblock(), undone():
        load_or_copy()
        load_calendar(fixtures=FIXTURES, at=timezone.now())
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files lie that are sent and made in a module."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def shelf(folder: Path, settings: Any) -> None:
    """One folder for the files of all tests of a module."""
    settings.STORAGES = storage_in(folder)


@pytest.fixture(scope="module")
def held(loaded: None, folder: Path, django_db_blocker: Any) -> Iterator[dict[str, object]]:
    """The ids of what the regional office and the evaluation unit hold, made once a module."""
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storage_in(folder)),
        undone(),
    ):
        people = people_of_demonstration()
        yield {**things_of(people["roap.enter"]), **learned(people["evaluation"])}


@pytest.fixture(scope="module")
def at_work(held: dict[str, object], django_db_blocker: Any) -> Iterator[None]:
    """A report that is issued and asked about, and one that is being written, once a module."""
    with django_db_blocker.unblock(), undone():
        reports_at_work()
        yield


@pytest.fixture
def site(plain_site: dict[str, object], at_work: None) -> dict[str, object]:
    """The site with reports at work, and the number of a question."""
    return {**plain_site, "question": Question.objects.get().pk}


@pytest.fixture
def plain_site(held: dict[str, object], db: None) -> dict[str, object]:
    """People by name; the ids of a submission that waits, and of what the regional office holds."""
    waiting = Submission.objects.get(office__code="URCDB", period__code="2017")
    return {**people_of_demonstration(), "submission": waiting.pk, **held}


def learned(officer: User) -> dict[str, object]:
    """Of evaluations: one that is at work, a list that was sent, a lesson, a project."""
    sent = imports.receive(
        file_name="list.csv", content=b"Evaluation,Number,Recommendation\n2/2017,12,Write more\n",
        language="en", by=officer, at=timezone.now(),
    )  # fmt: skip
    at_work = Evaluation.objects.exclude(state__in=["published", "cancelled"]).earliest("pk")
    return {
        "planned": at_work.code,
        "list": sent.pk,
        "lesson": Lesson.objects.filter(state="published").earliest("pk").pk,
        "project": Project.objects.earliest("pk").code,
    }


def reports_at_work() -> None:
    """A report that is issued and asked about, and one whose sections are being written."""
    people, at = {u.email.partition("@")[0]: u for u in User.objects.all()}, timezone.now()
    officer, editor = people["qa"], people["editor"]
    row = services.assemble_now(
        kind=BIENNIAL_PROGRESS, period=Period.objects.get(code="2014-2015"), confirm_gaps=True,
        by=officer, at=at,
    )  # fmt: skip
    services.clear(report=row.report, by=editor, at=at)
    services.issue(
        report=row.report, symbol="HSP/GC/26/99", dated=date(2016, 5, 3), by=editor, at=at
    )
    questions.ask(
        report=Report.objects.get(pk=row.report.pk), paragraph=1, text="Why so few?",
        office=people["committee"].assignments.get().office, by=people["committee"], at=at,
    )  # fmt: skip
    written = services.plan_report(
        kind=BIENNIAL_PROGRESS, period=Period.objects.get(code="2018-2019"), by=officer, at=at
    )
    narrative.open_sections(report=written, by=editor, at=at)
    section = written.sections.get(code="FA7")
    narrative.save(
        section=section, language="en", body="Words.", seen_revision=0, by=editor, at=at, keep=True
    )
    section_steps.share(section=section, by=editor, at=at)


def things_of(by: User) -> dict[str, object]:
    """What the regional office holds for 2017: an achievement, a file of evidence, an upload."""
    at = timezone.now()
    own = {
        "office": Office.objects.get(code="ROAP"),
        "period": Period.objects.get(code="2017"),
        "by": by,
        "at": at,
    }
    counted = authorities.add_achievement(
        indicator=Indicator.objects.get(code="FA2.1"),
        new=NewAchievement(
            date(2017, 5, 1), "Gazette", name="Xylotown", type="local",
            country=Country.objects.get(iso3="XAC"),
        ),
        **own,
    )  # fmt: skip
    piece = evidence.add_file(
        indicator=Indicator.objects.get(code="EA3.a.1"), name="towns.csv", content=b"Alba",
        title="", note="", **own,
    )  # fmt: skip
    upload = uploads.receive(
        kind="figures", file_name="figures.csv", content=b"Code,Value\nEA3.a.1,1\n",
        language="en", **own,
    )  # fmt: skip
    uploads.read(upload=upload, by=by, at=at)
    return {
        "achievement": counted.pk,
        "authority": counted.authority_id,
        "evidence": piece.pk,
        "upload": upload.pk,
    }
