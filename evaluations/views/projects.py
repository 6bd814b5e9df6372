"""The register of projects: the list, one project, adding one and changing one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.pages import projects as pages
from indicators.views.doors import person


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The register: a search, or the projects above the threshold."""
    user = person(request.user)
    pages.require_reader(user)
    context = pages.register_context(user, request.GET, today=timezone.localdate())
    return render(request, "evaluations/projects.html", context)


@login_required
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project, and what is missing of its evaluation."""
    user = person(request.user)
    pages.require_reader(user)
    context = pages.project_context(user, code, today=timezone.localdate())
    return render(request, "evaluations/project.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enters a project."""
    user, form, status = person(request.user), None, 200
    pages.require_reader(user)
    if request.method == "POST":
        added, form = pages.add(user, request.POST, at=timezone.now())
        if added is not None:
            messages.success(request, _("The project is in the register."))
            return redirect("project", added.code)
        status = 422
    context = {"form": form or pages.new_form(user)}
    return render(request, "evaluations/project_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Changes what the register says of a project."""
    user, form, status = person(request.user), None, 200
    pages.require_reader(user)
    found = pages.project_or_404(code)
    if request.method == "POST":
        kept, form, status = pages.change(user, found, request.POST, at=timezone.now())
        if kept is not None:
            messages.success(request, _("Saved."))
            return redirect("project", code)
        found = pages.project_or_404(code)
    context = {"form": form or pages.change_form(user, found)} | pages.facts_of(found)
    return render(request, "evaluations/project_form.html", context, status=status)
