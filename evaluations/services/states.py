"""The states of actions, as data: which one a step into a phase takes."""

from django.utils.translation import gettext as _

from evaluations.models import FollowUpState
from habitat_plan.kit.errors import RuleBroken


def main_state(phase: str) -> FollowUpState:
    """The state that a step into a phase takes if none is chosen.

    Raises RuleBroken `no_state` if the installation has none.
    """
    found = FollowUpState.objects.filter(phase=phase, is_main=True).first()
    if found is None:
        raise RuleBroken(
            "no_state",
            _("The states of actions are not loaded. Tell an administrator: nothing was changed."),
        )
    return found
