"""The public site of evaluations: the list, its feed, and one evaluation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.forms.board import SiteQuery
from evaluations.pages import site as pages
from evaluations.queries.evaluations import evaluation_page
from evaluations.queries.site import news


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The evaluations that the reader may see: everybody those that are published."""
    query = SiteQuery(request.GET)
    context = pages.list_context(request.user, query.asked(), today=timezone.localdate())
    return render(request, "evaluations/evaluations.html", context | {"query": query})


@require_safe
def evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """One evaluation with all its parts; 404 unless the reader may see it."""
    page = evaluation_page(code, request.user, timezone.localdate())
    if page is None:
        raise Http404
    context = pages.evaluation_context(page, request.user)
    return render(request, "evaluations/evaluation.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What was published last, in Atom: for everybody the same, nothing under embargo."""
    content = pages.feed(news(on=timezone.localdate()), request.build_absolute_uri)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
