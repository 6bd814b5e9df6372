"""Steps of an action, and files of evidence."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.pages.action_steps import STEPS
from evaluations.pages.recommendation_forms import step_sheet
from evaluations.queries import follow_ups as queries
from evaluations.views.recommendation import fill, seen
from habitat_plan.kit.serving import to_be_saved
from indicators.queries.evidence import path_of
from indicators.views.doors import person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """The form of one step of an action, for those who may take it."""
    user, row = seen(request, code)
    action = queries.action_of(row, number)
    if action is None or step not in STEPS or not queries.reads_follow_ups(user):
        raise Http404
    STEPS[step].require(user, action)
    return fill(request, user, step_sheet(action, step, timezone.localdate()))


@login_required
@require_safe
def evidence(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A file of evidence, to be saved and never shown or run by the browser."""
    found = queries.evidence_of(code, number, person(request.user), on=timezone.localdate())
    if found is None:
        raise Http404
    return to_be_saved(path_of(found.sha256), name=found.name, media_type=found.media_type)
