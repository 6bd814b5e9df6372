"""Reports: the list, one report, its files, and the steps from assembly to issue."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from organization.models import Role
from organization.permissions import require
from reporting import services
from reporting.forms import AssembleForm, ClearForm, IssueForm
from reporting.permissions import is_of_secretariat
from reporting.queries import ReportPage, rendering_file
from reporting.queries.committee import corrigenda_of
from reporting.views.asking import asking, with_questions
from reporting.views.committee import permanent_address
from reporting.views.corrections_page import corrigenda_shown
from reporting.views.files import file_rows
from reporting.views.listing import report_list
from reporting.views.showing import found, view_of
from reporting.views.steps import step


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Issued reports; for staff also those in work; what the plan asks for."""
    page = report_list(request.user, today=timezone.localdate())
    return render(request, "reporting/reports.html", {"page": page})


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report."""
    return _shown(request, found(slug, request.user))


@step
def assemble(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the report to be assembled."""
    page, form = found(slug, request.user), AssembleForm(request.POST)
    try:
        services.request_assembly(
            kind=page.report.kind, period=page.report.period, by=person(request.user),
            at=timezone.now(), language=get_language() or "en",
            confirm_gaps=form.is_valid() and form.cleaned_data["confirm_gaps"],
        )  # fmt: skip
    except RuleBroken as broken:
        return _refused(request, page, broken)
    messages.success(request, _("The report is being assembled. You may leave this page."))
    return redirect("report", slug)


@step
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """The report editor clears the assembled report."""
    page, form = found(slug, request.user), ClearForm(request.POST)
    try:
        services.clear(
            report=page.report, by=person(request.user), at=timezone.now(),
            confirm_open=form.is_valid() and form.cleaned_data["confirm_open"],
        )  # fmt: skip
    except RuleBroken as broken:
        return _refused(request, page, broken)
    messages.success(request, _("The report is cleared. It may now be issued."))
    return redirect("report", slug)


@step
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """The report editor issues the cleared report under a symbol and date."""
    page, form = found(slug, request.user), IssueForm(request.POST)
    require(person(request.user), Role.REPORT_EDITOR)
    if not form.is_valid():
        return _shown(request, page, status=422, issue_form=form)
    try:
        services.issue(
            report=page.report, by=person(request.user), at=timezone.now(),
            language=get_language() or "en", **form.cleaned_data,
        )  # fmt: skip
    except RuleBroken as broken:
        return _refused(request, page, broken, form)
    messages.success(request, _("The report is issued. Its files are being made."))
    return redirect("report", slug)


@require_safe
def download(request: HttpRequest, slug: str, language: str, format: str) -> HttpResponse:
    """A file of the report, or a page that says which files there are."""
    file = rendering_file(slug, language, format, request.user)
    if file is None:
        files = file_rows(found(slug, request.user).renderings)
        return render(request, "reporting/no_file.html", {"slug": slug, "files": files}, status=404)
    etag = f'"{file.sha256}"'
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"', "ETag": etag}
    response = HttpResponse(file.content, content_type=file.content_type, headers=headers)
    response["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=etag, response=response) or response


def _refused(
    request: HttpRequest, page: ReportPage, broken: RuleBroken, form: IssueForm | None = None
) -> HttpResponse:
    """The page again with the sentence of the rule; what was typed stays."""
    if isinstance(broken, NotAllowed):
        raise broken
    if form is not None and broken.field in form.fields:
        form.add_error(broken.field, str(broken.message))
        return _shown(request, page, status=409, issue_form=form)
    return _shown(request, page, status=409, broken=broken, issue_form=form)


def _shown(
    request: HttpRequest,
    page: ReportPage,
    *,
    status: int = 200,
    broken: RuleBroken | None = None,
    issue_form: IssueForm | None = None,
) -> HttpResponse:
    view, about = view_of(page, broken=broken, issue_form=issue_form), asking(page, request.user)
    corrigenda = corrigenda_of(page.report, request.user) if view.is_issued else []
    context = {
        "view": view,
        "page": page,
        "illustrative": view.illustrative,
        "shown": with_questions(view.shown, page.report, about),
        "asking": about,
        "corrigenda": corrigenda,
        "corrected": corrigenda_shown(corrigenda, get_language() or "en"),
        "permanent": permanent_address(request, page.report) if view.is_issued else "",
        "is_of_secretariat": is_of_secretariat(request.user),
    }
    return render(request, "reporting/report.html", context, status=status)
