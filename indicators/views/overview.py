"""The page for the meeting: where the results stand, who has reported, what waits."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.pages.overview import overview_body
from indicators.views import doors
from organization.models import Role
from organization.permissions import require


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Results of one level at the end of a period, from approved figures only."""
    user = doors.person(request.user)
    require(user, Role.MANAGER, Role.QUALITY_ASSURANCE, Role.REPORT_EDITOR)
    shown = overview_body(user, request.GET, today=timezone.localdate())
    return render(request, "indicators/overview.html", shown)
