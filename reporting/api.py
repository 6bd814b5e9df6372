"""The read API over issued reports: their figures as frozen, and their files."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.published import PublishedView, number_data, refused
from reporting.document import LANGUAGES, Document, Figure, LineageLine, Text
from reporting.models import Rendering, Report
from reporting.queries import report_page, visible_reports

NOBODY = AnonymousUser()
"""The API answers everybody as it answers the public, whoever asks."""


class ReportView(PublishedView):
    """What both addresses know: one language to keep to."""

    parameters = ("language",)

    def not_understood(self, request: Request) -> Response | None:
        """400 for a parameter or language that is not known here."""
        wanted = request.query_params.get("language", "")
        if response := self.refusal(request):
            return response
        if wanted and wanted not in LANGUAGES:
            return refused(
                _("There is no language %(language)s here. Use one of: %(languages)s.")
                % {"language": wanted, "languages": ", ".join(LANGUAGES)}
            )
        return None


class ReportList(ReportView):
    """All issued reports."""

    def get(self, request: Request) -> Response:
        """Newest period first; `?language=fr` keeps the files in French."""
        if response := self.not_understood(request):
            return response
        language = request.query_params.get("language", "")
        rows = visible_reports(NOBODY)
        reports = [_report(row.report, row.renderings, language) for row in rows]
        return Response({"reports": reports})


class ReportDetail(ReportView):
    """One issued report with every figure it prints, read from the frozen document."""

    def get(self, request: Request, slug: str) -> Response:
        """404 for a report that is not issued, as for one that never was.

        `?language=fr` keeps the files and texts in French; what has no translation is English.
        """
        if response := self.not_understood(request):
            return response
        page = report_page(slug, NOBODY)
        if page is None or page.document is None:
            raise Http404
        language = request.query_params.get("language", "")
        content = _report(page.report, page.renderings, language)
        return Response(content | _document(page.document, language))


def _report(report: Report, renderings: tuple[Rendering, ...], language: str) -> dict[str, Any]:
    files = [one for one in renderings if language in {"", one.language}]
    return {
        "slug": report.slug,
        "kind": report.kind,
        "period": report.period.code,
        "symbol": report.symbol,
        "issued_on": report.issued_on,
        "corrects": report.corrects.slug if report.corrects else None,
        "sha256": report.document.sha256 if report.document else None,
        "files": [_file(report.slug, rendering) for rendering in files],
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


def _document(document: Document, language: str) -> dict[str, Any]:
    return {
        "as_of": document.as_of,
        "title": _text(document.masthead.title, language),
        "figures": [_figure(figure, language) for figure in document.figures.values()],
        "sources": {
            key: {
                "citation": _text(source.citation, language),
                "licence": source.licence,
                "url": source.url,
            }
            for key, source in document.sources.items()
        },
    }


def _figure(figure: Figure, language: str) -> dict[str, Any]:
    return {
        "key": figure.key,
        "value": number_data(figure.value),
        "nothing": figure.nothing or None,
        "decimals": figure.decimals,
        "per_cent": figure.per_cent,
        "unit": _text(figure.unit, language),
        "label": _text(figure.label, language),
        "rule": _text(figure.rule, language),
        "illustrative": figure.illustrative,
        "source": figure.source or None,
        "lineage": [_line(line, language) for line in figure.lineage],
    }


def _line(line: LineageLine, language: str) -> dict[str, Any]:
    """An office with its value: how many pieces of evidence it holds, who approved it and when."""
    return {
        "label": _text(line.label, language),
        "value": number_data(line.value),
        "note": _text(line.note, language),
        "evidence": line.evidence,
        "approval": _text(line.approval, language),
    }


def _text(text: Text, language: str) -> dict[str, str]:
    """The text by language; with a language, that one alone, or English where it has none."""
    if not language:
        return dict(text.texts)
    found = text.in_language(language)
    return {found.language: found.text} if found.text else {}
