"""A small calendar for tests of pages and services: three sessions, four reports, one of them out.

Sessions: the Governing Council in May 2017, the Committee in June 2018 (assumed), the Assembly in
May 2019. Today is 2 February 2018.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import factories

from focus_areas.models import ReportingObligation
from habitat_plan.kit.wording import Wording
from organization.models import User
from reporting.models import LeadTime, Report, ReportDocument, Session, Slot

AT = datetime(2018, 2, 2, 9, 0, tzinfo=UTC)
TODAY = AT.date()
SYMBOL = "HSP/GC/26/5"
WEEKS = {"data": 14, "draft": 12, "clearance": 11, "submission": 10, "translation": 7, "issue": 6}
SLOTS = (
    ("biennial_progress", "2014-2015", "GC-26"),
    ("annual_progress", "2016", "GC-26"),
    ("annual_progress", "2017", "CPR-2017"),
    ("recommendation_status", "2017", "CPR-2017"),
    ("biennial_progress", "2016-2017", "HA-1"),
)


@dataclass(frozen=True)
class Small:
    """Who works on the reports, who reads them, and the one that is issued."""

    officer: User
    editor: User
    manager: User
    contributor: User
    committee: User
    issued: Report


def make_small() -> Small:
    """The calendar, its people and obligations."""
    unit = factories.office("QAU", kind="unit")
    small_people = {
        "officer": factories.person("Olga Officer", quality_assurance=unit),
        "editor": factories.person("Eli Editor", report_editor=unit),
        "manager": factories.person("Mo Manager", manager=unit),
        "contributor": factories.person("Cem Contributor", contributor=factories.office("BR1")),
        "committee": factories.person(
            "Mia Mission", committee=factories.office("M", kind="mission")
        ),
    }
    _sessions()
    for kind, period, session in SLOTS:
        Slot.objects.create(
            kind=kind, period=factories.period(period), session=Session.objects.get(code=session)
        )
    for number, (code, kind) in enumerate(
        (("R2", "annual_progress"), ("R3", "biennial_progress"), ("R9", "recommendation_status"),
         ("R14", "other"), ("R1", ""), ("V7", "recommendation_status"))
    ):  # fmt: skip
        factories.saved(
            ReportingObligation(
                plan=factories.plan(), code=code, report_kind=kind, level="all",
                frequency="standing", paragraph=f"p.{code}", ordinal=number,
            )
        )  # fmt: skip
    issued = report("biennial_progress", "2014-2015", "issued", small_people["editor"])
    return Small(issued=issued, **small_people)


def _sessions() -> None:
    for code, body, first, last, source in (
        ("GC-26", "governing_council", date(2017, 5, 8), date(2017, 5, 12), "HSP/GC/26/6/Add.3"),
        ("CPR-2017", "committee", date(2018, 6, 28), date(2018, 6, 28), ""),
        ("HA-1", "governing_council", date(2019, 5, 27), date(2019, 5, 31), "HSP/HA/1/7"),
    ):
        Session.objects.create(
            code=code, body=body, name=Wording.of(en=f"Session {code}"), source=source,
            place=Wording.of(en="Nairobi"), starts_on=first, ends_on=last, is_assumed=not source,
        )  # fmt: skip
    for body in ("governing_council", "committee"):
        for step, weeks in WEEKS.items():
            LeadTime.objects.create(body=body, step=step, days=7 * weeks)


def report(kind: str, period: str, state: str, editor: User) -> Report:
    """A report in this state, with a document that holds nothing."""
    made = Report.objects.create(
        kind=kind, period=factories.period(period), slug=f"{kind.replace('_', '-')}-{period}"
    )
    made.document = ReportDocument.objects.create(
        report=made, number=1, schema_version=2, content="{}", sha256="0", assembled_at=AT
    )
    if state in {"cleared", "issued"}:
        made.cleared_at, made.cleared_by = AT, editor
    if state == "issued":
        made.symbol, made.issued_on, made.issued_by = SYMBOL, date(2017, 4, 3), editor
    made.state = state
    made.save()
    return made
