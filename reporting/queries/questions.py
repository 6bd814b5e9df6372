"""Reads of delegations' questions: to each person those that are for them.

A question is for the delegation that asks and for the secretariat; once answered, for all
delegations. The public reads none.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from organization.models import AuditEntry
from reporting import permissions
from reporting.models import Question, Report
from reporting.queries.reports import Person


@dataclass(frozen=True)
class Earlier:
    """An answer as it was before it was amended."""

    text: str
    amended_at: datetime
    amended_by: str


@dataclass(frozen=True)
class Asked:
    """A question as one person sees it.

    `is_named`: the person may know which delegation asks, and who. `earlier` answers are for the
    secretariat; others see that there were some (`is_amended`).
    """

    question: Question
    is_named: bool
    is_amended: bool = False
    earlier: tuple[Earlier, ...] = ()

    @property
    def is_open(self) -> bool:
        """True until it is answered."""
        return self.question.answered_at is None

    def days(self, today: date) -> int:
        """For how many days it has waited."""
        return max(0, (today - localdate(self.question.asked_at)).days)


def seen_questions(user: Person) -> QuerySet[Question]:
    """The questions that the person may read."""
    rows = Question.objects.select_related(
        "report__period", "report__corrects", "office", "asked_by", "answered_by"
    )
    if permissions.is_of_secretariat(user):
        return rows
    if not permissions.is_delegate(user):
        return rows.none()
    theirs = Q(answered_at__isnull=False) | Q(office__in=permissions.asks_for(user))
    return rows.filter(theirs, report__in=Report.objects.filter(permissions.seen_by(user)))


def questions_on(report: Report, user: Person) -> list[Asked]:
    """The questions on a report, paragraph by paragraph. Two queries, none for the public."""
    if not permissions.reads_for_committee(user):
        return []
    return _asked(seen_questions(user).filter(report=report), user)


def all_questions(user: Person) -> list[Asked]:
    """All questions: open ones first, the oldest first; then answered ones, the latest first."""
    found = _asked(seen_questions(user).order_by("asked_at", "pk"), user)
    waiting = [one for one in found if one.is_open]
    answered = [one for one in found if not one.is_open]
    answered.sort(key=lambda one: (one.question.answered_at, one.question.pk), reverse=True)
    return waiting + answered


def one_question(number: int, user: Person) -> Asked | None:
    """The question, if the person may read it."""
    found = _asked(seen_questions(user).filter(pk=number), user)
    return found[0] if found else None


def _asked(rows: Iterable[Question], user: Person) -> list[Asked]:
    questions = list(rows)
    of_secretariat, missions = permissions.is_of_secretariat(user), permissions.asks_for(user)
    earlier = _earlier([one for one in questions if one.answered_at])
    return [
        Asked(
            question=one,
            is_named=of_secretariat or one.office_id in missions,
            is_amended=bool(earlier[one.pk]),
            earlier=tuple(earlier[one.pk]) if of_secretariat else (),
        )
        for one in questions
    ]


def _earlier(questions: Iterable[Question]) -> defaultdict[int, list[Earlier]]:
    """The answers that were amended, by question, the oldest first, from the audit trail."""
    found: defaultdict[int, list[Earlier]] = defaultdict(list)
    subjects = [str(one.pk) for one in questions]
    if subjects:
        entries = AuditEntry.objects.filter(
            subject_type=Question._meta.label_lower, subject_id__in=subjects, action="amend answer"
        )
        for entry in entries.order_by("number"):
            before = entry.changes["answer"][0]
            found[int(entry.subject_id)].append(Earlier(before, entry.at, entry.by_name))
    return found
