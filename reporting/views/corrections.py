"""What later corrections touch in issued reports, their corrigenda, and the comparison of two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from reporting import permissions
from reporting.queries import comparisons, visible_report
from reporting.queries.corrections import touched
from reporting.services import corrections as services
from reporting.views.corrections_page import compared_page, touched_page


@login_required
@require_safe
def issued(request: HttpRequest) -> HttpResponse:
    """The issued reports that would read otherwise today, place by place."""
    return _issued(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafts the corrigendum of a report. The page of a refusal stands at this address."""
    if request.method != "POST":
        return redirect("corrections-issued")
    user = person(request.user)
    report = visible_report(slug, user)
    if report is None or not permissions.sees_work(user):
        raise Http404
    try:
        found = services.draft_corrigendum(report=report, by=user, at=timezone.now())
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return _issued(request, broken)
    messages.success(request, _("The corrigendum is drafted. Read it, then clear and issue it."))
    return redirect("report", found.slug)


def _issued(request: HttpRequest, broken: RuleBroken | None = None) -> HttpResponse:
    user = person(request.user)
    if not permissions.sees_work(user):
        raise Http404
    reports = touched_page(touched(), get_language() or "en")
    content = {
        "reports": reports,
        "illustrative": any(one.is_illustrative for one in reports),
        "may_draft": permissions.may_assemble(user) or permissions.may_issue(user),
        "broken": broken,
    }
    return render(request, "reporting/touched.html", content, status=409 if broken else 200)


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """An issued report beside another, or a working document beside the one before it."""
    report, other = visible_report(slug, request.user), request.GET.get("with", "")
    if report is None:
        raise Http404
    found = None
    if other == comparisons.DRAFT:
        found = comparisons.in_work(report, request.user)
    elif other:
        found = comparisons.comparison(report, other, request.user)
    if other and found is None:
        raise Http404
    content = {
        "report": report,
        "others": comparisons.others(report, request.user),
        "sees_work": permissions.sees_work(request.user),
        "page": (page := compared_page(found, get_language() or "en") if found else None),
        "illustrative": bool(page and page.is_illustrative),
        "chosen": other,
    }
    return render(request, "reporting/comparison.html", content)
