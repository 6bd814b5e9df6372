"""Steps on a report that only a posted form takes."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

Step = Callable[[HttpRequest, str], HttpResponse]


def step(view: Step) -> Step:
    """A step that only a posted form takes, by somebody signed in.

    The page of a refusal stands at the address of the step. Whoever loads it again, or follows
    its link to another language, comes to the report.
    """

    @wraps(view)
    def taken(request: HttpRequest, slug: str) -> HttpResponse:
        return view(request, slug) if request.method == "POST" else redirect("report", slug)

    return login_required(taken)
