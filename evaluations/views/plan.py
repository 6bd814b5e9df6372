"""The evaluation plan, its approved versions, and recording an approval."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.pages import plan as pages
from evaluations.pages import plan_files
from evaluations.permissions import is_of_secretariat
from indicators.views.doors import person


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The plan of a biennium; the public and delegations read the approved version."""
    context = pages.plan_context(request.user, request.GET, today=timezone.localdate())
    return render(request, "evaluations/plan.html", context)


@require_safe
def file(request: HttpRequest, biennium: str, format: str) -> HttpResponse:
    """The same as a table for spreadsheets."""
    period = pages.biennium_or_404(biennium)
    return _saved(plan_files.plan_file(request.user, period, format, at=timezone.now()))


@require_safe
def version(request: HttpRequest, biennium: str, number: int) -> HttpResponse:
    """One approved version with its SHA-256."""
    found = pages.version_or_404(biennium, number, today=timezone.localdate())
    context = pages.version_context(request.user, found)
    return render(request, "evaluations/plan_version.html", context)


@require_safe
def version_file(request: HttpRequest, biennium: str, number: int, format: str) -> HttpResponse:
    """One approved version as a table, or as the JSON that was frozen."""
    found = pages.version_or_404(biennium, number, today=timezone.localdate())
    return _saved(plan_files.version_file(found, format, at=timezone.now()))


def _saved(file: plan_files.File) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, biennium: str) -> HttpResponse:
    """Records that a decision approved the plan as it stands."""
    user, today = person(request.user), timezone.localdate()
    if not is_of_secretariat(user):
        raise Http404
    period, form, status = pages.biennium_or_404(biennium), None, 200
    if request.method == "POST":
        version, form, status = pages.approve(user, period, request.POST, at=timezone.now())
        if version is not None:
            messages.success(request, _("The approval is recorded; the plan is public."))
            return redirect("plan-version", biennium, version.number)
    context = pages.approval_context(user, period, today=today, form=form)
    return render(request, "evaluations/plan_approve.html", context, status=status)
