"""Questions of delegations on paragraphs of issued reports, and the secretariat's answers (p.103).

Mail tells the report editors of a new question, and whoever asked of its answer. An answer may be
amended; the earlier words stay in the audit trail.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from organization import queries as people
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit, notices
from organization.services.notices import Matter
from reporting import permissions
from reporting.document import Paragraph, blocks_of, from_json
from reporting.models import Question, Report
from reporting.services import question_words

WHOLE = 0
"""The number that stands for the report as a whole."""
LONGEST = 2000


def paragraph_numbers(report: Report) -> frozenset[int]:
    """The numbers of the paragraphs of a report's document. Reads the document."""
    if report.document is None:
        return frozenset()
    document = from_json(report.document.content.encode())
    return frozenset(
        block.number
        for block in blocks_of(document)
        if isinstance(block, Paragraph) and block.number
    )


def _written(text: str, sentence: str) -> str:
    """The text without blank ends. Raises RuleBroken `text_needed`, `text_too_long`."""
    said = text.strip()
    if not said:
        raise RuleBroken("text_needed", sentence, "text")
    if len(said) > LONGEST:
        raise RuleBroken(
            "text_too_long",
            _(
                "This text has %(length)s characters; %(longest)s are the most. "
                "Shorten it, or ask in two parts."
            )
            % {"length": len(said), "longest": LONGEST},
            "text",
        )
    return said


@transaction.atomic
def ask(
    *, report: Report, paragraph: int, text: str, office: Office, by: User, at: datetime
) -> Question:
    """A delegation asks about a paragraph of an issued report; `WHOLE` about all of it.

    The same words sent twice are one question. Raises NotAllowed, and RuleBroken `not_issued`,
    `no_such_paragraph`, `text_needed`, `text_too_long`.
    """
    require(by, Role.COMMITTEE, office=office)
    if report.state != Report.State.ISSUED or not permissions.may_see(by, report):
        raise RuleBroken("not_issued", _("Questions are asked about issued reports only."))
    if paragraph != WHOLE and paragraph not in paragraph_numbers(report):
        raise RuleBroken(
            "no_such_paragraph",
            _(
                "This report has no paragraph %(number)s. Choose a paragraph in the report, "
                "or ask about the report as a whole."
            )
            % {"number": paragraph},
            "paragraph",
        )
    said = _written(text, _("Write your question."))
    # Two sendings of one form wait for each other here.
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    same = {"report": report, "paragraph": paragraph, "office": office, "text": said, "answer": ""}
    if asked := Question.objects.filter(**same).first():
        return asked
    question = Question.objects.create(asked_at=at, asked_by=by, **same)
    changes = {"text": (None, said), "paragraph": (None, paragraph), "report": (None, report.slug)}
    audit.record(
        action="ask about report", subject=question, by=by, at=at, changes=changes, office=office
    )
    _tell_editors(question, by, at)
    return question


def _tell_editors(question: Question, by: User, at: datetime) -> None:
    """Tells the report editors; quality assurance if there is none."""
    found: list[User] = []
    for role in permissions.ANSWERS:
        found = found or [one for held in people.people_with(role, at=at).values() for one in held]
    matter = Matter(
        key=f"question/{question.pk}",
        office=question.office,
        people=list(dict.fromkeys(found)),
        write=lambda: question_words.asked(question),
    )
    notices.tell(matters=[matter], by=by, at=at)


def state_of(question: Question) -> str:
    """What a form that answers a question was made from: it changes with each answer."""
    return question.answered_at.isoformat() if question.answered_at else ""


@transaction.atomic
def answer(*, question: Question, text: str, seen: str, by: User, at: datetime) -> Question:
    """Answers a question, or amends its answer; `seen` is `state_of` when the form was made.

    Raises NotAllowed, and RuleBroken `text_needed`, `text_too_long`, `changed_elsewhere` if
    somebody else answered meanwhile. The same words once more change nothing.
    """
    require(by, *permissions.ANSWERS)
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("report__period", "office", "asked_by", "answered_by")
        .get(pk=question.pk)
    )
    said = _written(text, _("Write the answer."))
    if said == question.answer:
        return question
    if seen != state_of(question):
        raise RuleBroken(
            "changed_elsewhere",
            _("%(who)s answered this meanwhile. Read that answer, then amend it if need be.")
            % {"who": question.answered_by},
            "text",
        )
    earlier, is_new = question.answer, not question.answer
    question.answer, question.answered_at, question.answered_by = said, at, by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(
        action="answer question" if is_new else "amend answer",
        subject=question,
        by=by,
        at=at,
        changes={"answer": (earlier or None, said)},
        office=question.office,
    )
    matter = Matter(
        key=f"question/{question.pk}/answered/{at.isoformat()}",
        office=question.office,
        people=_askers(question, at),
        write=lambda: question_words.answered(question, is_new=is_new),
    )
    notices.tell(matters=[matter], by=by, at=at)
    return question


def _askers(question: Question, at: datetime) -> list[User]:
    """Whoever asked, or the representatives of that mission who came after."""
    found = people.people_with(Role.COMMITTEE, at=at).get(question.office_id, [])
    return [one for one in found if one.pk == question.asked_by_id] or found
