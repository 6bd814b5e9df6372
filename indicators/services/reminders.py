"""Who is told of what: figures that are due or late, returned, asked about, waiting too long.

What is told is a row for each person (`organization.services.notices`), made once for each matter
and sent by e-mail afterwards. Words are in `reminder_words`, times and keys in `rules.reminders`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.functional import Promise
from django.utils.timezone import localdate

from focus_areas.models import Period
from indicators.models import Remark, Submission
from indicators.queries.calendar import duties
from indicators.queries.readiness import Lack, Readiness
from indicators.rules import reminders as rules
from indicators.rules.workflow import State
from indicators.services import reminder_words
from organization import queries as people
from organization.models import Notice, Office, Role, User
from organization.permissions import holds, require
from organization.services import notices
from organization.services.notices import Matter, Words


@dataclass(frozen=True)
class Reminded:
    """What a reminder by hand did: offices told now, those told today already, and no one there."""

    told: tuple[Office, ...] = ()
    earlier: tuple[Office, ...] = ()
    nobody: tuple[Office, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """A reminder by hand: of which year or report, in which words, to people of which role."""

    matter: str
    write: Callable[[], Words]
    role: str = Role.CONTRIBUTOR


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Makes the reminders that are due now; how many. Called each hour; nothing is told twice."""
    today = localdate(at)
    matters = [*_of_duties(today, at), *_of_waiting(today, at)]
    return notices.tell(matters=matters, by=None, at=at)


def _of_duties(today: date, at: datetime) -> Iterator[Matter]:
    contributors = people.people_with(Role.CONTRIBUTOR, at=at)
    for duty in duties(today=today, readable=None):
        office = duty.progress.office
        reminder = rules.owed(
            rules.Duty(
                office=office.code,
                year=duty.period.code,
                due_on=duty.due_on,
                state=State(duty.progress.state),
                last_day=duty.due_on if duty.by_exception else None,
            ),
            today=today,
        )
        if reminder is not None:
            write = partial(reminder_words.owed, duty, reminder.days_left)
            yield Matter(reminder.key, office, contributors.get(office.pk, []), write)


def _of_waiting(today: date, at: datetime) -> Iterator[Matter]:
    approvers = people.people_with(Role.APPROVER, at=at)
    rows = Submission.objects.filter(state=State.SUBMITTED, submitted_at__isnull=False)
    for row in rows.select_related("office", "period"):
        if row.submitted_at is None:
            continue
        reminder = rules.waiting(
            office=row.office.code,
            year=row.period.code,
            submitted_on=localdate(row.submitted_at),
            state=State(row.state),
            today=today,
        )
        if reminder is not None:
            who = [one for one in approvers.get(row.office_id, []) if one.pk != row.submitted_by_id]
            write = partial(reminder_words.waiting, row, -reminder.days_left)
            yield Matter(reminder.key, row.office, who, write)


def _concerned(office: Office, *, but: User, at: datetime) -> list[User]:
    """Who enters the office's figures, or decides on them if nobody does; not who did this."""
    for role in (Role.CONTRIBUTOR, Role.APPROVER):
        found = people.people_with(role, at=at).get(office.pk, [])
        if found:
            return [one for one in found if one.pk != but.pk]
    return []


@transaction.atomic
def told_of_return(*, submission: Submission, by: User, at: datetime) -> int:
    """Tells the office that its figures came back, with the notes made at the same time."""
    office, period = submission.office, submission.period
    notes = list(
        Remark.objects.filter(
            office=office, period=period, kind=Remark.Kind.RETURN, made_at=at
        ).select_related("indicator")
    )
    matter = Matter(
        key=f"returned/{period.code}/{office.code}/{at.isoformat()}",
        office=office,
        people=_concerned(office, but=by, at=at),
        write=partial(reminder_words.returned, submission, notes, by),
    )
    return notices.tell(matters=[matter], by=by, at=at)


@transaction.atomic
def told_of_query(*, remark: Remark, by: User, at: datetime) -> int:
    """Tells the office that its figure is asked about; quality assurance, if the office asks."""
    asked = _concerned(remark.office, but=by, at=at)
    if not holds(by, Role.QUALITY_ASSURANCE):
        officers = people.people_with(Role.QUALITY_ASSURANCE, at=at)
        asked = [one for held in officers.values() for one in held]
    matter = Matter(
        key=f"asked/{remark.period.code}/{remark.office.code}/{remark.pk}",
        office=remark.office,
        people=asked,
        write=partial(reminder_words.asked, remark),
    )
    return notices.tell(matters=[matter], by=by, at=at)


@transaction.atomic
def remind_late(
    *,
    offices: Collection[tuple[str, str]] | None,
    by: User,
    at: datetime,
    period: Period | None = None,
) -> Reminded:
    """Reminds offices that are late: those named as (office, year), or all, of all years or one.

    An office is reminded by hand once a day at most. Raises NotAllowed.
    """
    require(by, Role.QUALITY_ASSURANCE)
    today = localdate(at)
    wanted: dict[Office, Prompt] = {}
    for duty in duties(today=today, readable=None):
        office = duty.progress.office
        is_named = offices is None or (office.code, duty.period.code) in offices
        is_meant = is_named and period in {None, duty.period}
        if is_meant and duty.days_late(today):
            words = partial(reminder_words.prompted, duty, by)
            wanted.setdefault(office, Prompt(duty.period.code, words))
    return _prompt(wanted, by, at)


@transaction.atomic
def remind_of_report(
    *, report: str | Promise, slug: str, lacking: Readiness, by: User, at: datetime
) -> Reminded:
    """Reminds all offices of what a report lacks; where all of it waits for approval, approvers.

    An office is reminded by hand once a day at most. Raises NotAllowed.
    """
    require(by, Role.QUALITY_ASSURANCE)
    wanted = {}
    for office, items in lacking.by_office().items():
        waits_only = all(set(item.lacks) == {Lack.WAITING} for item in items)
        wanted[office] = Prompt(
            slug,
            partial(reminder_words.needed, report, items, by),
            Role.APPROVER if waits_only else Role.CONTRIBUTOR,
        )
    return _prompt(wanted, by, at)


def _prompt(wanted: Mapping[Office, Prompt], by: User, at: datetime) -> Reminded:
    """Reminds offices by hand, each of its matter, once a day at most."""
    today = localdate(at)
    earlier = _prompted(wanted, today)
    people_by_role = {
        role: people.people_with(role, at=at) for role in {one.role for one in wanted.values()}
    }
    matters = [
        Matter(
            key=rules.prompt_key(matter=given.matter, office=office.code, today=today),
            office=office,
            people=people_by_role[given.role].get(office.pk, []),
            write=given.write,
        )
        for office, given in wanted.items()
        if office not in earlier
    ]
    notices.tell(matters=matters, by=by, at=at)
    return Reminded(
        told=tuple(one.office for one in matters if one.people),
        earlier=tuple(earlier),
        nobody=tuple(one.office for one in matters if not one.people),
    )


def _prompted(offices: Iterable[Office], today: date) -> list[Office]:
    """Those of the offices that were reminded by hand today. One query."""
    ends = {rules.prompted_today(office=office.code, today=today): office for office in offices}
    keys = Notice.objects.filter(
        key__startswith="prompt/", key__endswith=f"/{today.isoformat()}"
    ).values_list("key", flat=True)
    found = {"/" + "/".join(key.rsplit("/", 2)[1:]) for key in keys}
    return [office for end, office in ends.items() if end in found]
