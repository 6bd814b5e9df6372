"""The read API over published evaluations, their recommendations, and lessons. For everybody.

Whoever asks, and with whichever key, it answers as it answers the public.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.api import data
from evaluations.models import Lesson
from evaluations.queries import published
from evaluations.queries.evaluations import evaluation_page, seen_evaluations
from evaluations.queries.lessons import Asked, found_lessons
from evaluations.queries.recommendations import one_recommended, recommended
from evaluations.rules.follow_up import Standing
from habitat_plan.kit.wording import LANGUAGES
from indicators.api.published import PublishedView, refused

NOBODY = AnonymousUser()
MOST = 500
FIRST_DAY = date(1970, 1, 1)
LONGEST_NUMBER = 9


class Pages(LimitOffsetPagination):  # type: ignore[misc]  # the framework has no types
    """A hundred at a time unless asked otherwise, five hundred at most."""

    default_limit = 100
    max_limit = MOST


class LearningView(PublishedView):
    """What these addresses share: a language to keep to, pages, and words that are known."""

    parameters: tuple[str, ...] = ("language",)
    known: dict[str, Sequence[str]] = {"language": LANGUAGES}
    """Parameter → the words that it may hold."""

    def not_understood(self, request: Request) -> Response | None:
        """400 for a parameter, word, number or day that is not known here."""
        if response := self.refusal(request):
            return response
        for name, words in self.known.items():
            given = request.query_params.get(name, "")
            if given and given not in words:
                return refused(
                    _("%(given)s is not a value of %(name)s. Use one of: %(words)s.")
                    % {"given": given, "name": name, "words": ", ".join(words)}
                )
        for name in ("limit", "offset"):
            given = request.query_params.get(name, "0")
            if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST_NUMBER):
                return refused(_("%(name)s is a whole number.") % {"name": name})
        return None

    def paged(
        self,
        request: Request,
        rows: QuerySet[Any],
        shown: Callable[[Any], list[dict[str, Any]]],
    ) -> Response:
        """One page of the rows: `count`, `next`, `previous`, `results`."""
        pages = Pages()
        count, limit, offset = rows.count(), pages.get_limit(request), pages.get_offset(request)
        pages.count, pages.limit, pages.offset, pages.request = count, limit, offset, request
        response: Response = pages.get_paginated_response(shown(rows[offset : offset + limit]))
        return response


class EvaluationList(LearningView):
    """All published evaluations."""

    parameters = ("language", "limit", "offset")

    def get(self, request: Request) -> Response:
        """Newest report first; `?language=fr` keeps texts in French."""
        if response := self.not_understood(request):
            return response
        language = request.query_params.get("language", "")
        rows = seen_evaluations(NOBODY, on=timezone.localdate())
        return self.paged(
            request, rows, lambda some: [data.evaluation_data(one, language) for one in some]
        )


class EvaluationDetail(LearningView):
    """One published evaluation with its parts."""

    def get(self, request: Request, code: str) -> Response:
        """404 for one that is not published, as for one that never was."""
        if response := self.not_understood(request):
            return response
        page = evaluation_page(code, NOBODY, timezone.localdate())
        if page is None:
            raise Http404
        return Response(data.whole_evaluation_data(page, request.query_params.get("language", "")))


class RecommendationList(LearningView):
    """Recommendations of published evaluations, as they stand today."""

    parameters = ("language", "limit", "offset", "evaluation", "office", "standing", "updated")
    known = {"language": LANGUAGES, "standing": tuple(Standing)}

    def get(self, request: Request) -> Response:
        """`?evaluation=2-2017&office=QAU&standing=to_verify&updated=2018-01-01`."""
        if response := self.not_understood(request):
            return response
        given, today = request.query_params, timezone.localdate()
        updated = _day(given.get("updated", ""))
        if given.get("updated") and updated is None:
            return refused(_("updated is a day, such as 2018-01-01."))
        asked = published.Filter(
            given.get("evaluation", ""), given.get("office", ""), given.get("standing", ""), updated
        )
        rows = published.recommendations(NOBODY, asked, on=today)
        return self.paged(request, rows, lambda some: _recommendations(some, request))


def _day(text: str) -> date | None:
    """The day; None for what is none, or lies before anything that is known here."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= FIRST_DAY else None


def _recommendations(rows: QuerySet[Any], request: Request) -> list[dict[str, Any]]:
    language = request.query_params.get("language", "")
    found = recommended(rows, on=timezone.localdate())
    return [data.recommendation_data(one, language) for one in found]


class RecommendationDetail(LearningView):
    """One recommendation of a published evaluation."""

    def get(self, request: Request, code: str) -> Response:
        """404 for one that is not published, as for one that never was."""
        if response := self.not_understood(request):
            return response
        today = timezone.localdate()
        rows = published.recommendations(NOBODY, published.Filter(), on=today)
        found = one_recommended(code, rows, on=today)
        if found is None:
            raise Http404
        return Response(data.recommendation_data(found, request.query_params.get("language", "")))


class LessonList(LearningView):
    """Published lessons and good practices."""

    parameters = ("language", "limit", "offset", "focus_area", "country", "tag", "kind")
    known = {"language": LANGUAGES, "kind": tuple(Lesson.Kind.values)}

    def get(self, request: Request) -> Response:
        """Newest first; `?focus_area=FA2&country=KEN&tag=land&kind=practice`."""
        if response := self.not_understood(request):
            return response
        given = request.query_params
        asked = Asked(
            **{name: given.get(name, "") for name in ("focus_area", "country", "tag", "kind")}
        )
        rows = found_lessons(NOBODY, asked, on=timezone.localdate())
        language = given.get("language", "")
        return self.paged(
            request, rows, lambda some: [data.lesson_data(one, language) for one in some]
        )
