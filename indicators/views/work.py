"""The first page after signing in: what waits for this person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.pages.work import work_list
from indicators.views import doors


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """At most seven things over all roles, or one sentence and one way on."""
    found = work_list(doors.person(request.user), today=timezone.localdate())
    return render(request, "indicators/work.html", {"work": found})
