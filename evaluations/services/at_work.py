"""An evaluation that is changed: held, still open, and as whoever changes it saw it."""

from django.utils.translation import gettext as _

from evaluations.models import Evaluation
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.services import typed
from habitat_plan.kit.errors import RuleBroken


def published() -> RuleBroken:
    """The refusal to change what is published."""
    return RuleBroken(
        "published",
        _("This evaluation is published and stays as it is. Put it right with an amendment."),
    )


def locked(evaluation: Evaluation) -> Evaluation:
    """The evaluation as it stands, held until the transaction ends."""
    rows = Evaluation.objects.select_for_update(of=("self",))
    return rows.select_related("plan", "mandate").get(pk=evaluation.pk)


def at_work(evaluation: Evaluation) -> Evaluation:
    """The same, if it can be changed. Raises RuleBroken `published`, `cancelled`."""
    found = locked(evaluation)
    if found.is_published:
        raise published()
    if found.state == EvaluationState.CANCELLED:
        raise RuleBroken(
            "cancelled",
            _("This evaluation is cancelled. Take it back into the plan before you change it."),
        )
    return found


def require_seen(evaluation: Evaluation, seen_revision: int) -> None:
    """Refuses a form made from an older state. Raises RuleBroken `changed_elsewhere`."""
    if seen_revision != evaluation.revision:
        raise typed.changed_elsewhere()


def touch(evaluation: Evaluation) -> None:
    """Says that something of the evaluation changed, so that older forms are refused."""
    evaluation.revision += 1
    evaluation.save(update_fields=["revision"])
