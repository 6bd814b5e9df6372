"""Every write leaves an audit entry in the same transaction, or neither is kept (check 30)."""

import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import evaluation_steps
import evaluation_unit
import factories
import pytest
import report_steps
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from trail import APPS, Step, name_of, prove, recording, rows, services_of, untold

from evaluations.services import (
    evaluation_files,
    evaluation_parts,
    evaluations,
    findings,
    follow_up_evidence,
    follow_ups,
    imports,
    lessons,
    links,
    plans,
    projects,
    recommendations,
    recorded,
    responses,
)
from evaluations.services import load as learning
from evaluations.services import reminders as evaluation_reminders
from focus_areas.services import load
from habitat_plan.kit.errors import RuleBroken
from indicators.models import (
    Achievement,
    Authority,
    Evidence,
    Figure,
    Indicator,
    PeriodException,
    PeriodWindow,
    Remark,
    Submission,
    Upload,
)
from indicators.queries.readiness import Item, Lack, Readiness
from indicators.services import (
    authorities,
    corrections,
    entry,
    evidence,
    periods,
    remarks,
    reminders,
    submissions,
    target_lines,
    targets,
    upload_files,
    uploads,
)
from indicators.services import load as measurement
from indicators.services.authorities import NewAchievement
from indicators.services.entry import EntryLine, Typed
from indicators.services.target_lines import BaselineLine, TargetLine
from organization.models import AccessKey, Notice, RoleAssignment, User
from organization.services import access_keys, notices, people, places
from organization.services.notices import Matter, Words
from reporting import returned_files
from reporting.services import (
    calendar,
    issuing,
    load_calendar,
    narrative,
    questions,
    reports,
    section_steps,
    translation,
    work,
)
from reporting.services import corrections as corrigenda

NOW = factories.NOW
MODULES = (people, measurement, access_keys, places, notices, reminders, load, entry.core, corrections, evidence, remarks, submissions, periods,
           authorities.register, authorities.merging, authorities.achievements, authorities.lines,
           authorities.achievement_lines,
           targets, target_lines, uploads,
           calendar, corrigenda, issuing, load_calendar, narrative, questions, reports,
           section_steps, translation, work,
           evaluation_files, evaluation_parts, evaluations, findings, follow_up_evidence,
           follow_ups, imports, learning, lessons, links, plans, projects, recommendations,
           recorded, evaluation_reminders, responses)
FIXTURES = settings.BASE_DIR / "fixtures"
# Modules of services that are not walked here, and why.
ELSEWHERE = {
    "organization.services.audit": "it is the trail itself",
    "evaluations.services.demonstration":
        "made by the services that are walked; projects and tags in bulk, an entry for each",
    "indicators.services.demonstration": "made by the services that are walked",
    "indicators.services.demonstration.world": "made by the services that are walked",
    "indicators.services.entry.judging": "part of entry.core, which is walked",
    "indicators.services.entry.reading": "part of entry.core, which is walked",
    "indicators.services.entry.writing": "part of entry.core, which is walked",
    "indicators.services.upload_findings": "part of uploads, which is walked",
    "reporting.services.demonstration": "made by the services that are walked",
    "jobs.services": "how far work is, not what is known: the row of the job is its own record",
}
# Tables of ours that no service here writes, and why.
NOT_WRITTEN = {
    "organization_user_": "rights of the framework, which nothing of ours asks for",
}


def telling(house: factories.House, number: Indicator) -> list[Step]:
    """What makes and mends messages: 2015 is late, and the regional office has figures back."""
    sessions = SessionStore()
    sessions[SESSION_KEY] = str(house.contributor.pk)
    sessions.create()
    factories.window("2015", by=house.officer)
    PeriodWindow.objects.filter(period__code="2015").update(due_on=date(2017, 1, 10))
    of_region = {"office": house.region, "period": house.year}
    lacking = Readiness(1, (Item(house.region, number, 2016, (Lack.MISSING,)),))
    matter = Matter("k", house.region, [house.regional], lambda: Words("Due", "Enter it.", "/"))
    Notice.objects.create(
        recipient=house.regional, key="stuck", subject="Due", text="", path="/",
        made_at=NOW, taken_at=NOW - timedelta(days=1),
    )
    officer = {"by": house.officer}
    return [
        (notices.tell, lambda: {"matters": [matter], **officer}),
        (notices.send_again, lambda: {"notice": Notice.objects.get(key="stuck"), **officer}),
        (reminders.remind, dict),
        (reminders.remind_late, lambda: {"offices": None, **officer}),
        (
            reminders.remind_of_report,
            lambda: {"report": "Report", "slug": "report", "lacking": lacking, **officer},
        ),
        (
            reminders.told_of_return,
            lambda: {"submission": Submission(return_note="Explain.", **of_region),
                     "by": house.approver},
        ),
        (
            reminders.told_of_query,
            lambda: {"remark": Remark(indicator=number, made_by=house.officer, text="Which?",
                                      **of_region), **officer},
        ),
    ]


def scenario(house: factories.House) -> list[Step]:
    """A year in the house that calls every writing service: the service, and what it is given."""
    number = factories.indicator("FA1.1", offices=[house.branch])
    count = factories.indicator("FA2.1", kind="count", offices=[house.branch])
    number.axes.add(factories.axis("sex", "women"))
    same = factories.authority("Alba Town")
    of_office = {"office": house.branch, "period": house.year}
    contributor, officer = {"by": house.contributor}, {"by": house.officer}
    administrator = {"by": house.administrator}
    typed = Typed(
        value="0", parts={"sex:women": "0"}, answers={"no_evidence": "The gazette is in print."}
    )
    enter = {"indicator": number, "typed": typed, "language": "en", **of_office, **contributor}
    upload = factories.upload(house.branch, by=house.contributor)

    def lines_of(value: str) -> dict[str, Any]:
        lines = [EntryLine(number, house.branch, house.year, Typed(value=value))]
        return {"lines": lines, "language": "en", **contributor}

    new = NewAchievement(
        date(2016, 5, 1), "Gazette", name="Alba", type="local", country=factories.country(),
        not_these=(same.pk,),
    )
    return [
        (
            people.register_person,
            lambda: {"email": "new@example.org", "name": "New", "password": None,
                     "language": "en", **administrator},
        ),
        (
            people.grant_role,
            lambda: {"user": User.objects.get(name="New"), "role": "approver",
                     "office": house.branch, "since": NOW.date(), **administrator},
        ),
        (
            people.revoke_role,
            lambda: {"assignment": RoleAssignment.objects.get(user__name="New"), **administrator},
        ),
        (people.choose_language, lambda: {"user": User.objects.get(pk=house.contributor.pk), "language": "fr"}),
        (people.choose_mail,
         lambda: {"user": User.objects.get(pk=house.contributor.pk), "mail": "digest"}),
        (people.sign_out_elsewhere, lambda: {"user": house.contributor, "session_key": ""}),
        *telling(house, number),
        (periods.change_due_date,
         lambda: {"period": house.year, "due_on": date(2017, 1, 20), **officer}),
        (periods.close_period, lambda: {"period": house.year, **officer}),
        (
            periods.grant_exception,
            lambda: {**of_office, "reason": "Flood", "until": date(2017, 2, 1), **officer},
        ),
        (periods.end_exception, lambda: {"exception": PeriodException.objects.get(), **officer}),
        (
            periods.open_period,
            lambda: {"period": house.year, "due_on": date(2017, 2, 1), **officer},
        ),
        (
            targets.set_baseline,
            lambda: {"indicator": number, "value": Decimal(1), "year": 2013, "source": "Survey",
                     **officer},
        ),
        (
            targets.set_target,
            lambda: {"indicator": number, "value": Decimal(9), "year": 2017,
                     "decided_on": NOW.date(), **officer},
        ),
        (entry.enter_figure, lambda: enter),
        (entry.enter_figures, lambda: lines_of("1")),
        (entry.import_figures, lambda: {**lines_of("2"), "upload": upload}),
        (
            evidence.add_evidence,
            lambda: {"indicator": number, "title": "", "link": "", "note": "Gazette",
                     **of_office, **contributor},
        ),
        (
            evidence.add_file,
            lambda: {"indicator": number, "name": "towns.csv", "content": b"Alba", "title": "",
                     "note": "", **of_office, **contributor},
        ),
        (
            evidence.retire_evidence,
            lambda: {"evidence": Evidence.objects.exclude(sha256="").get(), "reason": "",
                     **contributor},
        ),
        (authorities.add_achievement,
         lambda: {"indicator": count, "new": new, **of_office, **contributor}),
        (
            authorities.register_authority,
            lambda: {"name": "Bela", "type": "local", "country": factories.country(),
                     **contributor},
        ),
        (
            authorities.merge,
            lambda: {"duplicate": same, "into": Authority.objects.get(name="Alba"),
                     "reason": "Same", **officer},
        ),
        (authorities.undo_merge, lambda: {"authority": same, "reason": "Two", **officer}),
        (
            authorities.distinguish,
            lambda: {"one": same, "other": Authority.objects.get(name="Alba"), "reason": "Two",
                     **officer},
        ),
        (
            authorities.add_name,
            lambda: {"authority": same, "name": "Alba Superior", "language": "", **contributor},
        ),
        (
            authorities.enter_authorities,
            lambda: {"lines": [authorities.AuthorityLine("Cala", "local", "XAA")], **contributor},
        ),
        (
            authorities.enter_achievements,
            lambda: {"lines": [authorities.AchievementLine(
                count, house.branch, house.year, "Cala", "", "", "2016-05-01", "Gazette")],
                **contributor},
        ),
        (authorities.remove_name, lambda: {"name": same.names.get(), **contributor}),
        (
            authorities.correct_authority,
            lambda: {"authority": same, "name": "Alba Alta", "type": "local",
                     "country": factories.country(), "reason": "Misread.", **officer},
        ),
        (
            authorities.change_achievement,
            lambda: {"achievement": Achievement.objects.first(), "achieved_on": date(2016, 5, 2),
                     "evidence": "Gazette", "link": "", **contributor},
        ),
        (
            authorities.remove_achievement,
            lambda: {"achievement": Achievement.objects.first(), **contributor},
        ),
        *of_uploads(house),
        (submissions.submit, lambda: {**of_office, **contributor}),
        (submissions.withdraw, lambda: {"submission": Submission.objects.get(), **contributor}),
        (submissions.submit, lambda: {**of_office, **contributor}),
        (
            submissions.return_to_office,
            lambda: {"submission": Submission.objects.get(), "note": "Explain.", "by": house.approver},
        ),
        (submissions.submit, lambda: {**of_office, **contributor}),
        (submissions.approve, lambda: {"submission": Submission.objects.get(), "by": house.approver}),
        (submissions.verify, lambda: {"submission": Submission.objects.get(), **officer}),
        (
            corrections.correct_figure,
            lambda: {"figure": Figure.objects.get(), "typed": Typed(value="5"), "language": "en",
                     "reason": "Counted wrongly.", **officer},
        ),
        *of_review(house, number, count),
        (
            access_keys.make_key,
            lambda: {"name": "Program", "expires_on": date(2017, 3, 1), **contributor},
        ),
        (access_keys.revoke_key, lambda: {"key": AccessKey.objects.get(), **contributor}),
    ]


def of_review(house: factories.House, number: Indicator, count: Indicator) -> list[Step]:
    """What is said about approved figures, and corrections of those that were counted or left out."""
    of_office = {"office": house.branch, "period": house.year}
    officer, contributor = {"by": house.officer}, {"by": house.contributor}
    # Due in 2017, so that nothing of it is missing in 2016.
    left_out = factories.indicator("FA4.1", offices=[house.branch], frequency="biennial")
    known = NewAchievement(date(2016, 5, 2), "Gazette", authority=factories.authority("Cora"))
    return [
        (
            remarks.ask,
            lambda: {"indicator": number, "text": "Which list?", **of_office, **officer},
        ),
        (
            remarks.answer,
            lambda: {"remark": Remark.objects.get(text="Which list?"), "text": "The annex.",
                     **contributor},
        ),
        (
            remarks.settle,
            lambda: {"remark": Remark.objects.get(text="Which list?"), **officer},
        ),
        (
            remarks.note_all,
            lambda: {"notes": {"FA1.1": "Explain."}, **of_office, "by": house.approver},
        ),
        (
            remarks.settle_all,
            lambda: {"remarks": list(Remark.objects.filter(text="Explain.")), **contributor},
        ),
        (
            corrections.correct_missing,
            lambda: {"indicator": left_out, "typed": Typed(value="2"), "language": "en",
                     "reason": "Left out.", **of_office, **officer},
        ),
        (
            corrections.add_to_count,
            lambda: {"indicator": count, "new": known, "reason": "Left out.", **of_office, **officer},
        ),
        (
            corrections.take_from_count,
            lambda: {"achievement": Achievement.objects.get(authority__name="Cora"),
                     "reason": "Twice.", **officer},
        ),
    ]


TARGETS = b"code,year,value,decided_on\nFA1.1,2018,12,2016-01-04\n"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any) -> None:
    """A folder of its own for files that are sent."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}


def sent(by: User, state: str, days: int = 0) -> Upload:
    """A file of targets that was sent so many days ago and stands in a state."""
    row = factories.saved(
        Upload(kind="targets", file_name="t.csv", sha256=upload_files.hash_of(TARGETS),
               size=len(TARGETS), language="en", state=state, counts={"seen": ""},
               made_at=NOW - timedelta(days=days), made_by=by, confirmed_at=NOW)
    )
    upload_files.keep(row, TARGETS)
    return row


def of_uploads(house: factories.House) -> list[Step]:
    """A file that is sent, read and saved; others that are stopped or put away."""
    officer = {"by": house.officer}
    stopped, back, saved = (sent(house.officer, "confirmed") for _number in range(3))
    away = sent(house.officer, "read")
    sent(house.officer, "read", 40)

    def fresh(row: Upload) -> dict[str, Any]:
        return {"upload": Upload.objects.get(pk=row.pk), **officer}

    def newest() -> dict[str, Any]:
        return fresh(Upload.objects.latest("pk"))

    return [
        (
            uploads.receive,
            lambda: {"kind": "targets", "office": None, "period": None, "file_name": "t.csv",
                     "content": TARGETS, "language": "en", **officer},
        ),
        (uploads.again, newest),
        (uploads.read, newest),
        (
            uploads.confirm,
            lambda: newest()
            | {"seen": upload_files.findings_of(Upload.objects.latest("pk"))["fingerprint"],
               "only_right": False},
        ),
        (uploads.save, lambda: fresh(saved)),
        (uploads.stop, lambda: fresh(stopped)),
        (uploads.give_back, lambda: fresh(back) | {"sentence": "Closed."}),
        (uploads.discard, lambda: fresh(away)),
        (uploads.remove_old, dict),
        (
            target_lines.enter_baselines,
            lambda: {"lines": [BaselineLine("FA1.1", "2", "2013", "Survey")], "language": "en",
                     **officer},
        ),
        (
            target_lines.enter_targets,
            lambda: {"lines": [TargetLine("FA1.1", "", "2019", "14", "2016-01-04")],
                     "language": "en", **officer},
        ),
    ]


LOADS: list[Step] = [
    (places.load_organization, lambda: {"fixtures": FIXTURES}),
    (load.load_plan, lambda: {"fixtures": FIXTURES}),
    (measurement.load_measurement, lambda: {"fixtures": FIXTURES}),
    (load_calendar.load_calendar, lambda: {"fixtures": FIXTURES}),
    (learning.load_evaluations, lambda: {"fixtures": FIXTURES}),
]


def modules() -> list[ModuleType]:
    """All modules of services."""
    found = []
    for app in APPS:
        top = import_module(f"{app}.services")
        inner = pkgutil.walk_packages(getattr(top, "__path__", []), f"{top.__name__}.")
        found += [top, *(import_module(one.name) for one in inner)]
    return found


def walked(steps: list[Step]) -> set[str]:
    """The tables that the steps wrote, each step proven."""
    return set().union(*(prove(service, given) for service, given in steps))


def undone(make: Callable[[], Any]) -> Any:
    """What is made, and the database as it was."""
    with transaction.atomic():
        made = make()
        transaction.set_rollback(True)
    return made


def way_of_a_report() -> list[Step]:
    """The steps of a report, in a house of their own."""
    return report_steps.steps_of(report_steps.make_desk(factories.make_house()))


def way_of_an_evaluation() -> list[Step]:
    """The steps of an evaluation, in a house of their own."""
    return evaluation_steps.steps_of(evaluation_unit.make_unit(factories.make_house()))


def way_of_a_year() -> list[Step]:
    """The steps of a year, in a house of their own."""
    return scenario(factories.make_house())


def walked_loads() -> set[str]:
    """The tables that the loads wrote, each load proven, and that it writes nothing when repeated."""
    tables = set()
    for service, given in LOADS:
        tables |= prove(service, given)
        with recording() as seen:
            service(at=NOW, **given())
        assert seen.writes == [], "loading twice writes nothing"
    return tables


Walk = tuple[list[Step], set[str]]


def walk_of(way: Callable[[], list[Step]]) -> Walk:
    steps = way()
    return steps, walked(steps)


WALKS: dict[str, Callable[[], Walk]] = {
    "loads": lambda: (LOADS, walked_loads()),
    "report": lambda: walk_of(way_of_a_report),
    "evaluation": lambda: walk_of(way_of_an_evaluation),
    "year": lambda: walk_of(way_of_a_year),
}


@pytest.fixture(scope="module")
def kept() -> dict[str, Walk]:
    """The walks of this module that held."""
    return {}


@pytest.fixture
def walk(db: None, kept: dict[str, Walk]) -> Callable[[str], Walk]:
    """`walk("report")`: its steps, each proven, and the tables they wrote; walked once a module."""

    def once(name: str) -> Walk:
        if name not in kept:
            kept[name] = undone(WALKS[name])
        return kept[name]

    return once


def counted(steps: list[Step], tables: set[str]) -> str:
    services = {service for service, _given in steps}
    return f"{len(steps)} writes of {len(services)} services in {len(tables) - 1} tables"


@pytest.mark.django_db
def test_every_writing_service_is_walked():
    known = set().union(*(services_of(module) for module in MODULES))
    steps = [*undone(way_of_a_year), *LOADS, *undone(way_of_a_report), *undone(way_of_an_evaluation)]
    assert {name_of(service) for service, _given in steps} == known


def test_no_module_of_services_is_forgotten():
    found = {module.__name__ for module in modules() if services_of(module)}
    assert found == {module.__name__ for module in MODULES} | set(ELSEWHERE)


def test_whoever_stores_is_told_the_time():
    """Or it would be no service to the check above: what is stored without a moment is no act."""
    assert set().union(*(untold(module) for module in modules())) == set()


@pytest.mark.drill
def test_every_write_of_a_year_is_in_the_trail(walk, tell):
    tell(f"check 30: {counted(*walk('year'))}, each in the trail in one transaction")


@pytest.mark.drill
def test_every_write_of_a_report_is_in_the_trail(walk, tell):
    tell(f"check 30: {counted(*walk('report'))} on the way of a report, each in the trail")


@pytest.mark.drill
def test_every_write_of_an_evaluation_is_in_the_trail(walk, tell):
    tell(f"check 30: {counted(*walk('evaluation'))} on the way of an evaluation, each in the trail")


def test_a_translation_that_is_not_confirmed_is_a_file_and_no_row(house):
    desk = report_steps.make_desk(house)
    steps = report_steps.steps_of(desk)
    at_hand = [service for service, _given in steps].index(translation.confirm)
    for service, given in steps[:at_hand]:
        service(**{"at": NOW} | given())
    report = report_steps.report()
    content = report_steps.french(report)
    with recording() as seen:
        key = translation.receive(report=report, content=content, by=desk.editor, at=NOW)
    assert seen.writes == []
    assert returned_files.read(key, report=report.pk, person=desk.editor.pk) == content


@pytest.mark.drill
def test_no_table_of_ours_is_written_without_a_trail(walk, tell):
    written = set().union(*(walk(name)[1] for name in WALKS))
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
    }
    missing = {table for table in ours - written if not table.startswith(tuple(NOT_WRITTEN))}
    assert sorted(missing) == []
    tell(f"check 30: {len(ours & written)} of {len(ours)} tables of ours walked, 0 without a trail")


def test_loading_is_in_the_trail_once(walk):
    steps, tables = walk("loads")
    assert steps and tables


def test_a_refusal_writes_nothing(house):
    measure = factories.indicator("FA3.1", offices=[house.branch])
    before = rows()
    with pytest.raises(RuleBroken):
        entry.enter_figure(
            indicator=measure,
            office=house.branch,
            period=house.year,
            typed=Typed(value="seven"),
            language="en",
            by=house.contributor,
            at=NOW,
        )
    assert rows() == before
