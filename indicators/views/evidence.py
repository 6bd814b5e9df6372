"""Evidence: of one figure, of all offices a person reads, and the files themselves."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from habitat_plan.kit.serving import to_be_saved
from indicators.pages.evidence import (
    add_piece,
    all_evidence_context,
    back_to,
    figure_evidence_context,
    measure,
    piece_or_404,
    retire_piece,
)
from indicators.permissions import READS_EVERYTHING, WORKS_ON_FIGURES
from indicators.queries.evidence import path_of
from indicators.views import doors
from organization.permissions import require


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The evidence of all offices that the person reads."""
    user = doors.person(request.user)
    require(user, *READS_EVERYTHING, *WORKS_ON_FIGURES)
    context = all_evidence_context(user, request.GET)
    return render(request, "indicators/evidence_all.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_figure(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """The evidence of one figure; a POST adds a file, link or note, or says what is wrong (422)."""
    where, year = doors.readable_office(request, office), doors.year(period)
    user, what = doors.person(request.user), measure(where, indicator)
    if request.method != "POST":
        context = figure_evidence_context(user, where, year, what)
        return render(request, "indicators/evidence_figure.html", context)
    form = add_piece(request, where, year, what, user)
    if form is None:
        notes.success(request, _("Evidence added."))
        return redirect(back_to(request.POST, where, year, indicator))
    context = figure_evidence_context(
        user, where, year, what, form=form, back=request.POST.get("back", "")
    )
    return render(request, "indicators/evidence_figure.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(
    request: HttpRequest, office: str, period: str, indicator: str, number: int
) -> HttpResponse:
    """Takes a piece of evidence out; with a reason once it was submitted."""
    where, year = doors.readable_office(request, office), doors.year(period)
    found = piece_or_404(where, year, indicator, number)
    if request.method != "POST":
        return redirect("office-evidence", office, period, indicator)
    user = doors.person(request.user)
    form = retire_piece(request, found, user)
    if form is None:
        notes.success(request, _("Taken out. It stays in the history."))
        return redirect(back_to(request.POST, where, year, indicator))
    context = figure_evidence_context(
        user, where, year, found.indicator, retire_form=form, refused=number,
        back=request.POST.get("back", ""),
    )  # fmt: skip
    return render(request, "indicators/evidence_figure.html", context, status=422)


@login_required
@require_safe
def file(
    request: HttpRequest, office: str, period: str, indicator: str, number: int
) -> HttpResponseBase:
    """The file, to be saved and never shown or run by the browser; for readers of the office."""
    where, year = doors.readable_office(request, office), doors.year(period)
    found = piece_or_404(where, year, indicator, number)
    if not found.sha256:
        raise Http404
    return to_be_saved(
        path_of(found.sha256), name=found.file_name, media_type=found.media_type
    )
