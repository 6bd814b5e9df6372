"""The register of authorities, and the authorities that an office counts."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.pages import achievements as counted
from indicators.pages import authorities as pages
from indicators.permissions import READS_EVERYTHING, WORKS_ON_FIGURES
from indicators.views import doors
from organization.models import Role
from organization.permissions import require

READERS = (*WORKS_ON_FIGURES, *READS_EVERYTHING)


@login_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register: a search by name, country and type, or the entries that may be the same."""
    user = doors.person(request.user)
    require(user, *READERS)
    context = pages.register_context(user, request.GET)
    return render(request, "indicators/authorities.html", context)


@login_required
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """At most ten entries that fit what is being typed, for those who enter achievements."""
    require(doors.person(request.user), Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    return JsonResponse({"items": pages.suggested(request.GET)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def authority(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: its names, what it achieved, what may be the same; changing it."""
    user = doors.person(request.user)
    require(user, *READERS)
    entry = pages.entry_or_404(number)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        require(user, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
        sentence, refused = pages.change_entry(request.POST, user, entry)
        if sentence:
            notes.success(request, sentence)
            return redirect("authority", number)
    context = pages.authority_context(user, entry, request.GET, **refused)
    status = 422 if refused else 200
    return render(request, "indicators/authority.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def achievements(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """The authorities that the office counts for an indicator; adding one and taking one back."""
    where, year = doors.readable_office(request, office), doors.year(period)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        require(doors.person(request.user), Role.CONTRIBUTOR, office=where)
        sentence, refused = counted.change_achievements(request, where, year, indicator)
        if sentence:
            notes.success(request, sentence)
            return redirect("office-achievements", office, period, indicator)
    context = counted.achievements_context(request, where, year, indicator, **refused)
    return render(request, "indicators/achievements.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def achievement(
    request: HttpRequest, office: str, period: str, indicator: str, number: int
) -> HttpResponse:
    """One achievement of the office's year: correcting its day and what shows it."""
    where, year = doors.readable_office(request, office), doors.year(period)
    found = counted.achievement_or_404(where, year, indicator, number)
    user = doors.person(request.user)
    refused = None
    if request.method == "POST":
        require(user, Role.CONTRIBUTOR, office=where)
        refused = counted.correct_achievement(request.POST, user, found)
        if refused is None:
            notes.success(request, counted.corrected_sentence(found))
            return redirect("office-achievements", office, period, indicator)
    context = counted.achievement_context(user, found, refused)
    status = 422 if refused else 200
    return render(request, "indicators/achievement.html", context, status=status)
