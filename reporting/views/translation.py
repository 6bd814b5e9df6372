"""Narrative to translators and back: where each language stands, files, returns and previews."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from organization.models import Role, User
from organization.permissions import require
from reporting import permissions, permissions_narrative
from reporting.exchange import HandOff, write_word, write_xliff
from reporting.forms_translation import ReturnForm
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.queries import visible_report
from reporting.queries.hand_off import hand_off
from reporting.queries.returned import Preview, preview
from reporting.queries.translation import translation_page
from reporting.services import translation

FORMATS = {
    "xlf": (write_xliff, "application/xliff+xml"),
    "docx": (
        write_word,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def _report(request: HttpRequest, slug: str) -> tuple[Report, User]:
    """The report for those who see work on it; 404 for everybody else and for corrigenda."""
    user = person(request.user)
    report = visible_report(slug, user) if permissions.sees_work(user) else None
    if report is None or report.corrects_id is not None:
        raise Http404
    return report, user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where each language stands; a POST returns a file, and goes on to what it would change."""
    report, user = _report(request, slug)
    if request.method != "POST":
        return _shown(request, report, ReturnForm())
    require(user, Role.REPORT_EDITOR)
    form = ReturnForm(request.POST, request.FILES)
    key = _received(report, form, user) if form.is_valid() else ""
    if not key:
        return _shown(request, report, form, status=422)
    return redirect("report-translation-return", slug, key)


def _received(report: Report, form: ReturnForm, user: User) -> str:
    """The key of the file's preview; empty if it was refused, and the form says why."""
    content = form.cleaned_data["file"].read()
    try:
        return translation.receive(report=report, content=content, by=user, at=timezone.now())
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return ""


def _shown(
    request: HttpRequest, report: Report, form: ReturnForm, *, status: int = 200
) -> HttpResponse:
    found = translation_page(report, request.user, today=timezone.localdate())
    context = {"page": found, "form": form}
    return render(request, "reporting/translation.html", context, status=status)


@login_required
@require_safe
def download(request: HttpRequest, slug: str, language: str, format: str) -> HttpResponse:
    """What is to be translated into a language. `from` names the source, `all` leaves none out."""
    report, user = _report(request, slug)
    known = format in FORMATS and language in KINDS[report.kind].languages
    if not known or not permissions_narrative.reads_sent(user):
        raise Http404
    found = hand_off(
        report,
        target=language,
        source=request.GET.get("from", ""),
        everything="all" in request.GET,
        today=timezone.localdate(),
    )
    if found is None:
        messages.info(request, _("Nothing of this report is to be translated into this language."))
        return redirect("report-translation", slug)
    return _file(found, format)


def _file(found: HandOff, format: str) -> HttpResponse:
    write, content_type = FORMATS[format]
    name = f"{found.report}.{found.source}-{found.target}.{format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(write(found), content_type=content_type, headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What a returned file would change; a POST saves it, or puts it away."""
    report, user = _report(request, slug)
    require(user, Role.REPORT_EDITOR)
    refused = None
    if request.method == "POST":
        try:
            messages.success(request, _step(request, report, key, user))
        except NotAllowed:
            raise
        except RuleBroken as broken:
            refused = broken
        else:
            return redirect("report-translation", slug)
    return _previewed(request, report, key, refused)


def _step(request: HttpRequest, report: Report, key: str, user: User) -> str:
    """Takes the step and says what was done."""
    if request.POST.get("do") != "confirm":
        translation.put_away(report=report, key=key, by=user)
        return _("Put away. Nothing was saved; the file can be returned again.")
    done: Preview = translation.confirm(
        report=report,
        key=key,
        seen=request.POST.get("seen", ""),
        despite="despite" in request.POST,
        by=user,
        at=timezone.now(),
    )
    said = {"count": len(done.to_save), "language": done.name}
    return _("Saved into %(language)s. Sections: %(count)s.") % said


def _previewed(
    request: HttpRequest, report: Report, key: str, refused: RuleBroken | None
) -> HttpResponse:
    found = preview(report, key, person(request.user), today=timezone.localdate())
    if found is None:
        messages.info(request, _("The file is no longer kept. Return it again."))
        return redirect("report-translation", report.slug)
    context = {"preview": found, "refused": refused}
    status = 409 if refused else 200
    return render(request, "reporting/translation_return.html", context, status=status)
