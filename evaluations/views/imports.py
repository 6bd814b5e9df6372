"""The doors of lists of recommendations: sent, shown, confirmed or put away; the empty list."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.forms.imports import ListForm
from evaluations.models import RecommendationList
from evaluations.pages import imports as pages
from evaluations.queries.imports import visible_list
from evaluations.services import imports
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views import doors
from organization.models import Role
from organization.permissions import require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form to send a list; a POST reads it and goes on to what it would do."""
    user = doors.person(request.user)
    require(user, Role.EVALUATION_OFFICER)
    if request.method != "POST":
        form = ListForm(initial={"language": doors.language()})
        context = pages.lists_context(user, form)
        return render(request, "evaluations/list_new.html", context)
    form = ListForm(request.POST, request.FILES)
    found = _received(request, form) if form.is_valid() else None
    if found is None:
        context = pages.lists_context(user, form)
        return render(request, "evaluations/list_new.html", context, status=422)
    return redirect("recommendation-list", found.pk)


def _received(request: HttpRequest, form: ListForm) -> RecommendationList | None:
    file = form.cleaned_data["file"]
    try:
        return imports.receive(
            file_name=file.name or "",
            content=file.read(),
            language=form.cleaned_data["language"],
            by=doors.person(request.user),
            at=timezone.now(),
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What a list would do; a POST saves it or puts it away."""
    found, refused = _visible(request, number), None
    by, at = doors.person(request.user), timezone.now()
    if request.method == "POST":
        try:
            notes.success(request, pages.take_step(found, request.POST, by=by, at=at))
            return redirect("recommendation-list", number)
        except NotAllowed:
            raise
        except RuleBroken as broken:
            found, refused = _visible(request, number), broken
    context = pages.list_context(found, by=by, at=at, refused=refused)
    return render(request, "evaluations/list.html", context, status=409 if refused else 200)


@login_required
@require_safe
def template(request: HttpRequest, format: str) -> HttpResponse:
    """The empty list with its headings in the language of the page."""
    require(doors.person(request.user), Role.EVALUATION_OFFICER)
    file = pages.template_file(format)
    if file is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def _visible(request: HttpRequest, number: int) -> RecommendationList:
    user = doors.person(request.user)
    require(user, Role.EVALUATION_OFFICER)
    found = visible_list(number, user)
    if found is None:
        raise Http404
    return found
