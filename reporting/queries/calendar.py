"""Reads of the calendar: each report of the plan with its session, its steps and where it stands.

Whoever works on reports sees all steps, judged by what the data say. Everybody else sees the day
of issue alone, and whether the report is out: nothing that a draft or an approval could change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period, ReportingObligation
from focus_areas.queries import NO_WORDING, texts
from habitat_plan.kit.wording import Wording
from reporting import permissions
from reporting.kinds import KINDS, ReportKind
from reporting.models import LeadTime, Report, Session, Slot
from reporting.models.calendar import Body
from reporting.queries.calendar_work import Work
from reporting.queries.reports import Person
from reporting.rules import calendar as rules
from reporting.rules.calendar import DatedStep, Standing, State, Step


@dataclass(frozen=True)
class CalendarStep:
    """A step of one report's work: what must be over by when, and where it stands.

    `state` is done, due (within two weeks), late or coming; `days_left` is below zero past the
    date. `is_assumed`: the lead time is a planning assumption of ours.
    """

    code: Step
    label: str | Promise
    due_on: date
    state: State
    days_left: int
    is_assumed: bool

    @property
    def days_past(self) -> int:
        """Days since the date; 0 before it."""
        return max(0, -self.days_left)


@dataclass(frozen=True)
class CalendarRow:
    """One report of the calendar: a kind and a period, with the session it goes to.

    `steps` holds the steps that the reader may see, with their lead times; it is empty while the
    report has no session. `standing` is planned, due, late or issued. `report` is None while there
    is none that the reader may see.
    """

    kind: ReportKind
    period: Period
    slug: str
    session: Session | None
    report: Report | None
    steps: tuple[CalendarStep, ...]
    standing: Standing
    may_open: bool

    @property
    def is_issued(self) -> bool:
        """True if the report is out."""
        return self.standing == Standing.ISSUED

    @property
    def next_step(self) -> CalendarStep | None:
        """The first step that is not over."""
        return rules.next_step(self.steps)

    @property
    def issue(self) -> CalendarStep | None:
        """The day by which the report is to be out."""
        return next((step for step in self.steps if step.code == Step.ISSUE), None)

    @property
    def is_assumed(self) -> bool:
        """True if the days of its session are a planning assumption."""
        return self.session is not None and self.session.is_assumed


@dataclass(frozen=True)
class Obligation:
    """A duty of the plan to report or evaluate, in the plan's words."""

    obligation: ReportingObligation
    words: Wording
    addressee: Wording


@dataclass(frozen=True)
class Calendar:
    """All reports of the plan, by the day of their session, and its duties without a date."""

    rows: tuple[CalendarRow, ...]
    obligations: tuple[Obligation, ...]

    def asking_for(self, kind: str) -> tuple[Obligation, ...]:
        """The obligations that a kind of report meets."""
        return tuple(one for one in self.obligations if one.obligation.report_kind == kind)

    @property
    def undated(self) -> tuple[Obligation, ...]:
        """The duties that no dated report meets: standing ones, and those of each evaluation."""
        return tuple(one for one in self.obligations if one.obligation.report_kind not in KINDS)


def slug_of(kind: ReportKind, period: Period) -> str:
    """The name in the address of the report of a kind and period."""
    return f"{kind.code.replace('_', '-')}-{period.code}"


def turn_of(slug: str) -> tuple[ReportKind, Period] | None:
    """The kind and period whose report has this name, begun or not. Two queries at most."""
    for kind in KINDS.values():
        start = slug_of(kind, Period(code=""))
        if slug.startswith(start) and kind.periods:
            code = slug.removeprefix(start)
            period = Period.objects.filter(code=code, kind__in=kind.periods).first()
            if period is not None:
                return kind, period
    return None


def session_of(kind_code: str, period: Period) -> Session | None:
    """The session that the report of a kind and period goes to, if it is known. One query."""
    slot = Slot.objects.filter(kind=kind_code, period=period).select_related("session").first()
    return slot.session if slot else None


def steps_of(kind_code: str, period: Period, today: date) -> tuple[CalendarStep, ...]:
    """All steps of one report, for those who work on it; none without a session. Eight queries."""
    kind = KINDS.get(kind_code)
    if kind is None:
        return ()
    report = Report.objects.filter(kind=kind_code, period=period, corrects=None).first()
    return calendar_of(report or Report(kind=kind_code, period=period), today).steps


def calendar_of(report: Report, today: date) -> CalendarRow:
    """The row of one report, made or not, for its page, with all steps. Seven queries.

    An issued report is counted back from the session it was issued for. A corrigendum has none.
    """
    kind, period = KINDS[report.kind], report.period
    session = _kept_session(report) or session_of(kind.code, period)
    steps: tuple[CalendarStep, ...] = ()
    if session is not None:
        work = Work([(kind, period)], [report] if report.pk else [], today)
        leads = _lead_times([session.body])[session.body]
        steps = _steps(kind, session, leads, work.done(kind, period, report), today)
    made = report if report.pk else None
    return _row(kind, period, session, made, steps, may_open=True)


def session(code: str) -> Session | None:
    """The session of a code. One query."""
    return Session.objects.filter(code=code).first()


def turns_of(session: Session) -> tuple[CalendarRow, ...]:
    """The reports that go to a session, without their steps. Two queries."""
    slots = [slot for slot in session.slots.select_related("period") if slot.kind in KINDS]
    reports = {
        (report.kind, report.period_id): report
        for report in Report.objects.filter(corrects=None, period__slots__session=session)
    }
    return tuple(
        _row(
            KINDS[slot.kind],
            slot.period,
            session,
            reports.get((slot.kind, slot.period_id)),
            (),
            may_open=True,
        )
        for slot in slots
    )


def report_turn(slug: str, today: date) -> CalendarRow | None:
    """A report of the calendar by the name in its address, with all steps. Ten queries."""
    turns = (
        (kind, period)
        for period in Period.objects.all()
        for kind in KINDS.values()
        if period.kind in kind.periods and slug_of(kind, period) == slug
    )
    kind, period = next(turns, (None, None))
    if kind is None or period is None:
        return None
    report = Report.objects.filter(kind=kind.code, period=period, corrects=None).first()
    return calendar_of(report or Report(kind=kind.code, period=period, slug=slug), today)


def sessions_for(kind: ReportKind, period: Period) -> QuerySet[Session]:
    """The sessions that a report may go to: of the right body, after its period."""
    bodies = [body for body in Body.values if rules.may_go_to(kind.body, body)]
    return Session.objects.filter(body__in=bodies, starts_on__gt=period.end)


def calendar(*, today: date, user: Person, body: str = "") -> Calendar:
    """The reports that the person may know of, those to one body if it is named.

    Six queries for the public; twelve for those who work on reports.
    """
    kinds = [kind for kind in KINDS.values() if kind.audience in permissions.audiences(user)]
    obligations = _obligations()
    periods = list(Period.objects.all())
    turns = [(kind, one) for kind in kinds for one in periods if one.kind in kind.periods]
    reports = {
        (report.kind, report.period_id): report
        for report in Report.objects.filter(
            permissions.seen_by(user), corrects=None
        ).select_related("session", "period")
    }
    sessions = {
        (slot.kind, slot.period_id): slot.session for slot in Slot.objects.select_related("session")
    }
    leads = _lead_times()
    sees_work = permissions.sees_work(user)
    work = Work(turns, reports.values(), today) if sees_work else None
    rows = []
    for kind, period in turns:
        key = kind.code, period.pk
        report = reports.get(key)
        session = _kept_session(report) or sessions.get(key)
        if body and body != (session.body if session else kind.body):
            continue
        if work is None:
            done = _done_outside(report)
            steps = _steps(kind, session, leads[session.body], done, today) if session else ()
            steps = tuple(step for step in steps if step.code == Step.ISSUE)
        else:
            done = work.done(kind, period, report)
            steps = _steps(kind, session, leads[session.body], done, today) if session else ()
        may_open = sees_work or report is not None
        rows.append(_row(kind, period, session, report, steps, may_open=may_open))
    rows.sort(key=_place)
    return Calendar(tuple(rows), obligations)


def _kept_session(report: Report | None) -> Session | None:
    """The session that an issued report went to. One in work goes where its slot says."""
    return report.session if report and report.state == Report.State.ISSUED else None


def _place(row: CalendarRow) -> tuple[bool, date]:
    """By the first day of the session; those without one at the end, by their period."""
    return row.session is None, row.session.starts_on if row.session else row.period.end


def _obligations() -> tuple[Obligation, ...]:
    found = list(ReportingObligation.objects.all())
    words = texts(codes=[code for one in found for code in (one.code, f"{one.code}.to")])

    def worded(code: str) -> Wording:
        return words[code].wording if code in words else NO_WORDING

    return tuple(Obligation(one, worded(one.code), worded(f"{one.code}.to")) for one in found)


def _row(
    kind: ReportKind,
    period: Period,
    session: Session | None,
    report: Report | None,
    steps: tuple[CalendarStep, ...],
    *,
    may_open: bool,
) -> CalendarRow:
    issued = report is not None and report.state == Report.State.ISSUED
    where = Standing.ISSUED if issued else rules.standing([step.state for step in steps])
    return CalendarRow(
        kind=kind,
        period=period,
        slug=report.slug if report else slug_of(kind, period),
        session=session,
        report=report,
        steps=steps,
        standing=where,
        may_open=may_open,
    )


def _lead_times(bodies: Iterable[str] | None = None) -> Mapping[str, list[LeadTime]]:
    found: defaultdict[str, list[LeadTime]] = defaultdict(list)
    wanted = LeadTime.objects.all()
    for lead in wanted if bodies is None else wanted.filter(body__in=list(bodies)):
        found[lead.body].append(lead)
    return found


def asked_of(kind: ReportKind) -> frozenset[Step]:
    """The steps that a kind of report needs.

    Without figures of its own there is nothing to approve, without texts nothing to write. An
    extract for another system is not translated.
    """
    steps = {Step.CLEARANCE, Step.ISSUE}
    if kind.levels:
        steps.add(Step.DATA)
    if any(kind.written()):
        steps.add(Step.DRAFT)
    if not kind.for_data:
        steps |= {Step.SUBMISSION, Step.TRANSLATION}
    return frozenset(steps)


def _steps(
    kind: ReportKind,
    session: Session,
    leads: Sequence[LeadTime],
    done: Collection[Step],
    today: date,
) -> tuple[CalendarStep, ...]:
    asked = asked_of(kind)
    known = {Step(lead.step): lead for lead in leads if Step(lead.step) in asked}
    days = {step: lead.days for step, lead in known.items()}
    return tuple(
        CalendarStep(
            code=dated.step,
            label=_label(kind, dated),
            due_on=dated.due_on,
            state=dated.state,
            days_left=dated.days_left,
            is_assumed=not known[dated.step].source,
        )
        for dated in rules.dated_steps(session.starts_on, days, done, today)
    )


def _label(kind: ReportKind, dated: DatedStep) -> str | Promise:
    if kind.for_data and dated.step is Step.ISSUE:
        return _("handed over")
    return LeadTime.Step(dated.step.value).label


def _done_outside(report: Report | None) -> frozenset[Step]:
    """What somebody outside knows to be over: everything once the report is out, nothing before."""
    is_out = report is not None and report.state == Report.State.ISSUED
    return frozenset({Step.ISSUE}) if is_out else frozenset()
