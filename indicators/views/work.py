"""The first page after signing in: what waits for this person."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.pages.reminding import remind_late
from indicators.pages.work import work_list
from indicators.views import doors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """At most seven things over all roles (`?all=1`: all). A POST reminds offices that are late."""
    user = doors.person(request.user)
    if request.method == "POST":
        asked = request.POST.getlist("remind")
        notes.success(request, remind_late(asked, by=user, at=timezone.now()))
        return redirect("work")
    found = work_list(user, today=timezone.localdate(), everything="all" in request.GET)
    return render(request, "indicators/work.html", {"work": found})
