"""One recommendation: its page, management's answer, its actions, and the overall response."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.models import Evaluation, Recommendation
from evaluations.pages import recommendation_forms as sheets
from evaluations.pages.recommendation import recommendation_context
from evaluations.pages.recommendation_forms import Sheet
from evaluations.queries import follow_ups as queries
from evaluations.services import responses
from indicators.views.doors import person
from organization.models import Role, User
from organization.permissions import require


@require_safe
def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    """One recommendation with its answer, its actions and what was reported of them."""
    found = queries.history(code, request.user, on=timezone.localdate())
    if found is None:
        raise Http404
    content = recommendation_context(found, request.user)
    return render(request, "evaluations/recommendation.html", content)


def fill(request: HttpRequest, user: User, sheet: Sheet) -> HttpResponse:
    """The page of a form: blank, refused (409 if it was stale, else 422), or done."""
    form, status = sheet.blank(), 200
    if request.method == "POST":
        refused = sheet.take(request, user)
        if refused is None:
            messages.success(request, str(sheet.done))
            return redirect(sheet.back)
        form, status = refused
    content = sheet.context(form)
    return render(request, "evaluations/recommendation_form.html", content, status=status)


def seen(request: HttpRequest, code: str) -> tuple[User, Recommendation]:
    """The person and the recommendation; 404 if there is none that the person may see."""
    user = person(request.user)
    row = queries.one_seen(code, user, on=timezone.localdate())
    if row is None:
        raise Http404
    return user, row


def _evaluation(request: HttpRequest, code: str) -> tuple[User, Evaluation]:
    user = person(request.user)
    found = queries.seen_evaluation(code, user, on=timezone.localdate())
    if found is None:
        raise Http404
    return user, found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Adds a recommendation to an evaluation; for the evaluation officer."""
    user, evaluation = _evaluation(request, code)
    require(user, Role.EVALUATION_OFFICER)
    return fill(request, user, sheets.new_sheet(evaluation, sheets.language_asked(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a recommendation that is not published; for the evaluation officer."""
    user, row = seen(request, code)
    require(user, Role.EVALUATION_OFFICER)
    return fill(request, user, sheets.reword_sheet(row, sheets.language_asked(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Management's answer to a recommendation."""
    user, row = seen(request, code)
    responses.require_management(user, row.office)
    today = timezone.localdate()
    return fill(request, user, sheets.answer_sheet(row, sheets.language_asked(request), today))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plans an action; for those who answer."""
    user, row = seen(request, code)
    responses.require_management(user, row.office)
    today = timezone.localdate()
    return fill(request, user, sheets.action_sheet(row, sheets.language_asked(request), today))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response(request: HttpRequest, code: str) -> HttpResponse:
    """Management's overall response to an evaluation; for managers."""
    user, evaluation = _evaluation(request, code)
    responses.require_manager(user)
    today = timezone.localdate()
    sheet = sheets.response_sheet(evaluation, sheets.language_asked(request), today)
    return fill(request, user, sheet)
