"""Recommendations: put to an office, in a draft evaluation or as an addition to a published one."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluations.models import Amendment, Evaluation, Recommendation
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.services import stands
from evaluations.services.typed import changed_elsewhere, language_of, written
from evaluations.services.wordings import searched, with_text
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit

HAS_FINDINGS = frozenset(
    {EvaluationState.UNDER_WAY, EvaluationState.REPORTED, EvaluationState.PUBLISHED}
)
"""States in which an evaluation recommends something, and management answers."""
HIGHEST = 9999
"""What an address holds (`queries.recommendations.one_recommended`)."""


def require_findings(evaluation: Evaluation) -> None:
    """Raises RuleBroken `no_findings_yet` before an evaluation is under way, or if cancelled."""
    if evaluation.state not in HAS_FINDINGS:
        raise RuleBroken(
            "no_findings_yet",
            _("This evaluation is not under way. Recommendations and answers come after that."),
        )


def begun_on(evaluation: Evaluation) -> date | None:
    """The day before which nobody can have answered it; None if nothing is known."""
    return evaluation.starts_on or evaluation.completed_on


@transaction.atomic
def recommend(
    *,
    evaluation: Evaluation,
    number: int | None,
    text: str,
    language: str,
    office: Office,
    priority: str = "",
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> Recommendation:
    """Adds a recommendation; without a number it gets the next one.

    What is added to a published evaluation is named in a note of amendment. The same words to the
    same office twice are one recommendation. Raises NotAllowed, and RuleBroken `no_findings_yet`,
    `text_needed`, `text_too_long`, `language_unknown`, `priority_unknown`, `number_out_of_range`,
    `number_taken`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    require_findings(evaluation)
    said = _text(text)
    words = with_text(None, language_of(language), said)
    _check_priority(priority)
    known = list(evaluation.recommendations.all())
    if same := _same(known, number, said, language, office):
        return same
    number = _number(known, number)
    row = Recommendation.objects.create(
        evaluation=evaluation,
        number=number,
        text=words,
        office=office,
        priority=priority,
        illustrative=illustrative,
        searched=searched(words),
        made_at=at,
        state="published" if evaluation.is_published else "draft",
    )
    stands.refresh([row])
    audit.record(
        action="add recommendation",
        subject=row,
        by=by,
        at=at,
        changes={
            "number": (None, number),
            "text": (None, words),
            "office": (None, office.code),
            "priority": (None, priority),
            "illustrative": (None, illustrative),
        },
        office=office,
    )
    if evaluation.is_published:
        _note(row, by=by, at=at)
    return row


def _text(text: str) -> str:
    return written(text, "text", needed=_("Write the recommendation."))


def _check_priority(priority: str) -> None:
    if priority and priority not in Recommendation.Priority:
        raise RuleBroken(
            "priority_unknown", _("Choose a priority from the list, or none."), "priority"
        )


def _same(
    known: list[Recommendation], number: int | None, text: str, language: str, office: Office
) -> Recommendation | None:
    """The recommendation that says the same already, so that a form sent twice adds one."""
    for one in known:
        local = one.text.texts.get(language)
        is_same = local is not None and local.text == text and one.office_id == office.pk
        if is_same and number in {None, one.number}:
            return one
    return None


def _number(known: list[Recommendation], number: int | None) -> int:
    taken = {one.number for one in known}
    wanted = max(taken, default=0) + 1 if number is None else number
    if not 1 <= wanted <= HIGHEST:
        raise RuleBroken(
            "number_out_of_range",
            _("Give a number from 1 to %(highest)s, or leave it empty for the next one.")
            % {"highest": HIGHEST},
            "number",
        )
    if wanted in taken:
        raise RuleBroken(
            "number_taken",
            _(
                "Recommendation %(number)s of this evaluation is there already. Give another "
                "number, or leave it empty for the next one."
            )
            % {"number": wanted},
            "number",
        )
    return wanted


def _note(row: Recommendation, *, by: User, at: datetime) -> None:
    """Says in the published evaluation that a recommendation was added to it."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = _("Recommendation %(number)s was added.") % {"number": row.number}
    last = Amendment.objects.filter(evaluation=row.evaluation).aggregate(last=Max("number"))["last"]
    note = Amendment.objects.create(
        evaluation=row.evaluation,
        number=(last or 0) + 1,
        text=Wording.of(**texts),
        on=localdate(at),
        at=at,
        by=by,
    )
    audit.record(
        action="amend evaluation",
        subject=note,
        by=by,
        at=at,
        changes={"text": (None, note.text)},
        office=row.office,
    )


@transaction.atomic
def reword(
    *,
    recommendation: Recommendation,
    text: str,
    language: str,
    office: Office,
    priority: str,
    seen: str,
    by: User,
    at: datetime,
) -> Recommendation:
    """Changes a recommendation that is not published: one language of its text, office, priority.

    `seen` is the text in that language when the form was made. Raises NotAllowed, and RuleBroken
    `published`, `text_needed`, `text_too_long`, `language_unknown`, `priority_unknown`,
    `changed_elsewhere`.
    """
    require(by, Role.EVALUATION_OFFICER)
    row = (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("evaluation", "office")
        .get(pk=recommendation.pk)
    )
    if row.state == "published":
        raise RuleBroken(
            "published",
            _("This is published and stays as it is. Put it right by a note of amendment."),
        )
    said = _text(text)
    words = with_text(row.text, language_of(language), said)
    _check_priority(priority)
    before = {"text": row.text, "office": row.office.code, "priority": row.priority}
    after = {"text": words, "office": office.code, "priority": priority}
    if before == after:
        return row
    if written(seen, "seen") != text_in(row, language):
        raise changed_elsewhere()
    row.text, row.office, row.priority, row.searched = words, office, priority, searched(words)
    row.save(update_fields=["text", "office", "priority", "searched"])
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    audit.record(
        action="change recommendation", subject=row, by=by, at=at, changes=changes, office=office
    )
    return row


def text_in(row: Recommendation, language: str) -> str:
    """The recommendation's text in one language; empty if there is none."""
    local = row.text.texts.get(language)
    return local.text if local else ""
