"""The sign-off sheet of a submission as a file, for those who read the office."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from indicators.models import Submission
from indicators.permissions import may_read_office
from indicators.views.doors import person
from reporting.rendering.sign_off import render_sign_off
from reporting.sign_off import sheet_of


@login_required
@require_safe
def sign_off(request: HttpRequest, number: int) -> HttpResponse:
    """The PDF in the language of the page. A foreign submission and none look the same."""
    people = ("submitted_by", "returned_by", "approved_by", "verified_by")
    rows = Submission.objects.select_related("office", "period", *people)
    submission = get_object_or_404(rows, pk=number)
    if not may_read_office(person(request.user), submission.office):
        raise Http404
    name = f"sign-off-{submission.office.code}-{submission.period.code}-{get_language()}.pdf"
    return HttpResponse(
        render_sign_off(sheet_of(submission)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
