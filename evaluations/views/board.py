"""The recommendation board: one page of it, and the whole list as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations import exports
from evaluations.forms.board import BoardQuery
from evaluations.pages.board import board_context
from evaluations.queries.board_past import listed_rows


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Recommendations that the reader may see: how many are open, how late, what was done."""
    query, today = BoardQuery(request.GET), timezone.localdate()
    context = board_context(request.user, query.asked(today=today), query.chosen_view, today=today)
    return render(request, "evaluations/board.html", context | {"query": query})


@require_safe
def download(request: HttpRequest, format: str) -> HttpResponse:
    """The list that is asked for, all its pages, as a spreadsheet."""
    if format not in exports.TYPES:
        raise Http404
    today = timezone.localdate()
    asked = BoardQuery(request.GET).asked(today=today)
    rows = listed_rows(request.user, asked, today=today)
    file = exports.board_file(rows, format, day=asked.on or today, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)
