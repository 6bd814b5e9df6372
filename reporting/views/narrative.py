"""Writing a report: the outline, one section with its text, versions, and what waits for me."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from reporting.forms_narrative import WriteForm
from reporting.models import Section
from reporting.queries.figure_search import Asked
from reporting.queries.my_sections import my_sections
from reporting.queries.narrative import title_of
from reporting.services import narrative
from reporting.services.narrative import ChangedElsewhere
from reporting.views.drafting import draft_page, gauge_of, state_tag
from reporting.views.section_doors import autosaved, open_report, opened, taken
from reporting.views.section_page import (
    SectionPage,
    compared,
    conflict_context,
    section_page,
    version_list,
)

GET_AND_POST = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The sections of the person's offices, over all reports."""
    rows = [
        (
            row,
            title_of(row.place),
            state_tag(row.section.state),
            gauge_of(row.words, row.place.section.words),
        )
        for row in my_sections(person(request.user))
    ]
    return render(request, "reporting/my_sections.html", {"rows": rows})


@login_required
@require_http_methods(GET_AND_POST)
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline of a report in work. A POST opens its sections for writing."""
    user = person(request.user)
    page = draft_page(slug, user, today=timezone.localdate())
    if request.method == "POST":
        made = open_report(page.draft.report, by=user, at=timezone.now())
        messages.success(request, made)
        return redirect("report-draft", slug)
    return render(request, "reporting/draft.html", {"page": page})


@login_required
@require_http_methods(GET_AND_POST)
def section(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One section. A POST saves the text first, then takes the step whose button was pressed."""
    if request.method != "POST":
        return _shown(request, _page(request, slug, code, request.GET.get("in", "")))
    found, form = opened(slug, code, person(request.user)), WriteForm(request.POST)
    try:
        said = taken(found, form, by=person(request.user), at=timezone.now())
    except ChangedElsewhere as broken:
        return _conflict(request, found, form, broken)
    except RuleBroken as broken:
        return _refused(request, found, form, broken)
    messages.success(request, said)
    return redirect(_after(found, form))


@require_POST
def save(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Saves what a page sends by itself when typing rests; answers in JSON, also signed out.

    A page left open by somebody else saves nothing in the name of whoever signed in since.
    """
    if str(request.user.pk) != request.POST.get("person", str(request.user.pk)) or (
        not request.user.is_authenticated
    ):
        here = reverse("report-section", args=[slug, code])
        sign_in = f"{reverse('sign-in')}?{urlencode({'next': here})}"
        return JsonResponse({"said": _("Your session has ended."), "sign_in": sign_in}, status=401)
    found = opened(slug, code, person(request.user))
    status, content = autosaved(found, request, by=person(request.user), at=timezone.now())
    return JsonResponse(content, status=status)


@login_required
@require_safe
def figures(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The figures that fit what is looked for, as a part of the page."""
    page = _page(request, slug, code, request.GET.get("in", ""), alone=True)
    return render(request, "reporting/draft_found.html", {"page": page})


@login_required
@require_safe
def versions(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The earlier states of a text."""
    page = _page(request, slug, code, request.GET.get("in", ""))
    context = {"page": page, "versions": version_list(page)}
    return render(request, "reporting/draft_versions.html", context)


@login_required
@require_http_methods(GET_AND_POST)
def version(request: HttpRequest, slug: str, code: str, revision: int) -> HttpResponse:
    """What changed since an earlier state. A POST writes it again."""
    page = _page(request, slug, code, request.POST.get("in") or request.GET.get("in", ""))
    found = compared(page, revision)
    if request.method == "POST":
        narrative.restore(version=found.version, by=person(request.user), at=timezone.now())
        messages.success(request, _("The earlier text is back. The other one is kept as well."))
        return redirect(_address(page.section, page.language))
    return render(request, "reporting/draft_version.html", {"page": page, "compared": found})


def _page(request: HttpRequest, slug: str, code: str, language: str, **refused: Any) -> SectionPage:
    get = request.GET
    asked = (
        Asked.typed(get["q"], get.get("period", ""), get.get("scope", "")) if "q" in get else None
    )
    return section_page(
        slug, code, person(request.user), language=language, today=timezone.localdate(),
        asked=asked, **refused,
    )  # fmt: skip


def _shown(request: HttpRequest, page: SectionPage, status: int = 200) -> HttpResponse:
    context = {"page": page, "illustrative": page.preview.illustrative}
    return render(request, "reporting/draft_section.html", context, status=status)


def _refused(
    request: HttpRequest, found: Section, form: WriteForm, broken: RuleBroken
) -> HttpResponse:
    """The page again with the sentence of the rule; what was typed stays."""
    if isinstance(broken, NotAllowed):
        raise broken
    typed = {"form": form} if "body" in form.data else {}
    page = _page(request, found.report.slug, found.code, form.text("in"), broken=broken, **typed)
    return _shown(request, page, status=409)


def _conflict(
    request: HttpRequest, found: Section, form: WriteForm, broken: ChangedElsewhere
) -> HttpResponse:
    page = _page(request, found.report.slug, found.code, form.text("in"), form=form)
    context = conflict_context(page, broken)
    return render(request, "reporting/draft_conflict.html", context, status=409)


def _address(section: Section, language: str) -> str:
    address = reverse("report-section", args=[section.report.slug, section.code])
    return f"{address}?in={language}" if language not in {"", section.original} else address


def _after(section: Section, form: WriteForm) -> str:
    """Back to the section; with the search for figures if that was asked for."""
    if form.text("do") != "find":
        return _address(section, form.text("in"))
    asked = {name: form.text(name) for name in ("q", "period", "scope", "in")}
    address = reverse("report-section", args=[section.report.slug, section.code])
    return f"{address}?{urlencode(asked)}#figures"
