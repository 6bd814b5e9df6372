"""Keeping evaluations: planning one, the page with its parts, and the files of a report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.pages import keeping as pages
from evaluations.pages.keep_parts import Place, Sent
from evaluations.queries.evaluations import file_of
from habitat_plan.kit.serving import to_be_saved
from indicators.queries.evidence import path_of
from indicators.views.doors import person

TEMPLATE = "evaluations/keep.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form in which an evaluation is taken into the plan."""
    user = person(request.user)
    pages.require_may_plan(user)
    form = pages.new_form(request.POST if request.method == "POST" else None)
    if form.is_bound and (made := pages.plan(form, by=user, at=timezone.now())) is not None:
        messages.success(request, _("The evaluation is in the plan. Say more of it here."))
        return redirect("evaluation-edit", made.code)
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/keep_new.html", {"form": form}, status=status)


@login_required
@require_safe
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The page of an evaluation with all its parts, for whoever keeps it."""
    place = _place(request, code, request.GET.get("in"))
    return render(request, TEMPLATE, pages.context_of(place))


def _place(request: HttpRequest, code: str, language: str | None, which: str = "") -> Place:
    on = timezone.localdate()
    return pages.place_of(code, person(request.user), on=on, language=language, which=which)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, code: str, name: str, which: str = "") -> HttpResponse:
    """Keeps what the form of one part sent; the page again if something is wrong with it."""
    place = _place(request, code, request.POST.get("language"), which)
    done = pages.part_of(name, which).done
    if request.method != "POST":
        return redirect("evaluation-edit", code)
    sent = Sent(request.POST, request.FILES)
    refused = pages.keep_part(place, name, sent, by=person(request.user), at=timezone.now())
    if refused is None:
        messages.success(request, str(done))
        return redirect(_after(place, name))
    now = _place(request, code, place.language, which)
    return render(request, TEMPLATE, pages.context_of(now, refused), status=refused.status)


def _after(place: Place, name: str) -> str:
    """The page at the part that was kept. A report that was published has another address."""
    place.evaluation.refresh_from_db(fields=["code"])
    address = reverse("evaluation-edit", args=[place.evaluation.code])
    return f"{address}?in={place.language}#{name}"


@require_safe
def file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A file of an evaluation that the reader may see, to be saved and never run."""
    found = file_of(code, number, request.user, on=timezone.localdate())
    if found is None:
        raise Http404
    return to_be_saved(path_of(found.sha256), name=found.name, media_type=found.media_type)
