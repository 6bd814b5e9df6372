"""The read API over issued reports: their figures as frozen, and their files."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse
from django.utils.translation import override
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.published import PublishedView, number_data
from reporting.document import Document, Figure, Text
from reporting.models import Rendering, Report
from reporting.queries import report_page, visible_reports

NOBODY = AnonymousUser()
"""The API answers everybody as it answers the public, whoever asks."""


class ReportList(PublishedView):
    """All issued reports."""

    def get(self, request: Request) -> Response:
        """Newest period first."""
        if response := self.refusal(request):
            return response
        rows = visible_reports(NOBODY)
        return Response({"reports": [_report(row.report, row.renderings) for row in rows]})


class ReportDetail(PublishedView):
    """One issued report with every figure it prints, read from the frozen document."""

    def get(self, request: Request, slug: str) -> Response:
        """404 for a report that is not issued, as for one that never was."""
        if response := self.refusal(request):
            return response
        page = report_page(slug, NOBODY)
        if page is None or page.document is None:
            raise Http404
        content = _report(page.report, page.renderings) | _document(page.document)
        return Response(content)


def _report(report: Report, renderings: tuple[Rendering, ...]) -> dict[str, Any]:
    return {
        "slug": report.slug,
        "kind": report.kind,
        "period": report.period.code,
        "symbol": report.symbol,
        "issued_on": report.issued_on,
        "sha256": report.document.sha256 if report.document else None,
        "files": [_file(report.slug, rendering) for rendering in renderings],
    }


def _file(slug: str, rendering: Rendering) -> dict[str, Any]:
    with override(rendering.language):
        url = reverse("report-file", args=[slug, rendering.language, rendering.format])
    return {
        "language": rendering.language,
        "format": rendering.format,
        "size": rendering.size,
        "sha256": rendering.sha256,
        "url": url,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "as_of": document.as_of,
        "title": _text(document.masthead.title),
        "figures": [_figure(figure) for figure in document.figures.values()],
        "sources": {
            key: {"citation": _text(source.citation), "licence": source.licence, "url": source.url}
            for key, source in document.sources.items()
        },
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "value": number_data(figure.value),
        "nothing": figure.nothing or None,
        "decimals": figure.decimals,
        "per_cent": figure.per_cent,
        "unit": _text(figure.unit),
        "label": _text(figure.label),
        "rule": _text(figure.rule),
        "illustrative": figure.illustrative,
        "source": figure.source or None,
        "lineage": [
            {"label": _text(line.label), "value": number_data(line.value), "note": _text(line.note)}
            for line in figure.lineage
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return dict(text.texts)
