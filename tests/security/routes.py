"""Every route of the site with an address to try it by. A route without a row fails a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

OK, AWAY, ELSEWHERE = 200, 302, 404


@dataclass(frozen=True)
class Route:
    """An address, the statuses that reading it may give, and whether it takes forms."""

    path: str
    statuses: tuple[int, ...] = (OK,)
    writes: bool = False


STAFF = (OK, AWAY, ELSEWHERE, 403)
FORM = (405, AWAY, ELSEWHERE, 403)

ISSUED = "/en/reports/biennial-progress-2014-2015/"
WRITTEN = "/en/reports/biennial-progress-2018-2019/"
"""Whose sections are open; the one of the seventh focus area is shared with its branch."""
EVALUATION, RECOMMENDATION = "/en/evaluations/2-2017/", "/en/recommendations/2-2017-1/"
PLANNED = "/en/evaluations/{planned}/"
"""One that is not published: the unit works on it."""

ROUTES = {
    "root": Route("/", (AWAY,)),
    "healthz": Route("/healthz"),
    "readyz": Route("/readyz", (OK, 503)),
    "api:indicators": Route("/api/v1/indicators/"),
    "api:indicator": Route("/api/v1/indicators/FA2.1/"),
    "api:office-year": Route("/api/v1/offices/ROAP/2017/", (OK, 401, ELSEWHERE)),
    "api:office-figure": Route("/api/v1/offices/ROAP/2017/EA3.a.1/", (OK, 401, ELSEWHERE)),
    "api:office-submission": Route("/api/v1/offices/ROAP/2017/submission/", (401, 405)),
    "api:reports": Route("/api/v1/reports/"),
    "api:report": Route("/api/v1/reports/biennial-progress-2016-2017/", (OK, ELSEWHERE)),
    "api:evaluations": Route("/api/v1/evaluations/"),
    "api:evaluation": Route("/api/v1/evaluations/2-2017/"),
    "api:recommendations": Route("/api/v1/recommendations/"),
    "api:recommendation": Route("/api/v1/recommendations/2-2017-1/"),
    "api:action-follow-ups": Route("/api/v1/recommendations/2-2017-1/actions/1/follow-ups/", (OK, 401, ELSEWHERE)),
    "api:lessons": Route("/api/v1/lessons/"),
    "evaluations": Route("/en/evaluations/"),
    "evaluations-feed": Route("/en/evaluations/feed/"),
    "evaluation": Route(f"{EVALUATION}"),
    "evaluation-new": Route("/en/evaluations/new/", STAFF, True),
    "evaluation-edit": Route(f"{PLANNED}edit/", STAFF, True),
    "evaluation-part": Route(f"{PLANNED}edit/scope/", STAFF, True),
    "evaluation-part-of": Route(f"{PLANNED}edit/findings/1/", STAFF, True),
    "evaluation-file": Route(f"{PLANNED}files/1/", STAFF),
    "evaluation-response": Route(f"{EVALUATION}response/", STAFF, True),
    "recommendations": Route("/en/recommendations/"),
    "recommendations-file": Route("/en/recommendations.csv"),
    "recommendation": Route(RECOMMENDATION),
    "recommendation-new": Route(f"{PLANNED}recommendations/new/", STAFF, True),
    "recommendation-change": Route(f"{RECOMMENDATION}change/", STAFF, True),
    "recommendation-answer": Route(f"{RECOMMENDATION}answer/", STAFF, True),
    "recommendation-action-new": Route(f"{RECOMMENDATION}actions/new/", STAFF, True),
    "recommendation-action": Route(f"{RECOMMENDATION}actions/1/report/", STAFF, True),
    "recommendation-evidence": Route(f"{RECOMMENDATION}evidence/1/", STAFF),
    "recommendation-links": Route(f"{RECOMMENDATION}links/", STAFF, True),
    "recommendation-lists": Route("/en/recommendations/lists/", STAFF, True),
    "recommendation-list": Route("/en/recommendations/lists/{list}/", STAFF, True),
    "recommendation-list-template": Route("/en/recommendations/lists/recommendations.csv", STAFF),
    "lessons": Route("/en/lessons/"),
    "lesson": Route("/en/lessons/{lesson}/"),
    "lesson-new": Route("/en/lessons/new/", STAFF, True),
    "lesson-change": Route("/en/lessons/{lesson}/change/", STAFF, True),
    "lesson-state": Route("/en/lessons/{lesson}/state/", FORM, True),
    "lessons-offered": Route("/en/lessons/offered/?indicator=FA2.1"),
    "evaluation-plan": Route("/en/evaluation-plan/"),
    "coverage": Route("/en/evaluation-plan/coverage/", STAFF),
    "projects": Route("/en/evaluation-plan/projects/", STAFF),
    "project": Route("/en/evaluation-plan/projects/{project}/", STAFF),
    "project-new": Route("/en/evaluation-plan/projects/new/", STAFF, True),
    "project-change": Route("/en/evaluation-plan/projects/{project}/change/", STAFF, True),
    "plan-file": Route("/en/evaluation-plan/2018-2019/plan.csv", (OK, AWAY, ELSEWHERE)),
    "plan-approve": Route("/en/evaluation-plan/2018-2019/approve/", STAFF, True),
    "plan-version": Route("/en/evaluation-plan/2018-2019/versions/1/"),
    "plan-version-file": Route("/en/evaluation-plan/2018-2019/versions/1/plan.csv"),
    "home": Route("/en/"),
    "about-figures": Route("/en/about/figures/"),
    "plan": Route("/en/plan/"),
    "wordings": Route("/en/plan/wordings/SR.result/"),
    "results": Route("/en/results/"),
    "result": Route("/en/results/FA2.1/"),
    "arithmetic": Route("/en/results/FA2.1/arithmetic/"),
    "indicator-history": Route("/en/results/FA2.1/history/"),
    "results-file": Route("/en/results.csv"),
    "reports": Route("/en/reports/"),
    "report": Route("/en/reports/biennial-progress-2016-2017/", (OK, ELSEWHERE)),
    "report-assemble": Route("/en/reports/biennial-progress-2016-2017/assemble/", FORM, True),
    "report-progress": Route(
        "/en/reports/biennial-progress-2016-2017/progress/", (OK, AWAY, ELSEWHERE, 405)
    ),
    "readiness": Route("/en/readiness/", STAFF),
    "report-readiness": Route("/en/reports/biennial-progress-2018-2019/readiness/", STAFF, True),
    "report-clear": Route("/en/reports/biennial-progress-2016-2017/clear/", FORM, True),
    "report-issue": Route("/en/reports/biennial-progress-2016-2017/issue/", FORM, True),
    "report-file": Route("/en/reports/biennial-progress-2016-2017/en.pdf", (OK, ELSEWHERE)),
    "report-work-cancel": Route(f"{WRITTEN}work/cancel/", FORM, True),
    "report-work-retry": Route(f"{WRITTEN}work/retry/", FORM, True),
    "report-draft": Route(f"{WRITTEN}draft/", STAFF, True),
    "report-section": Route(f"{WRITTEN}draft/FA7/", STAFF, True),
    "section-save": Route(f"{WRITTEN}draft/FA7/save/", (405, 401, ELSEWHERE, 403), True),
    "section-figures": Route(f"{WRITTEN}draft/FA7/figures/", (*STAFF, 401)),
    "section-versions": Route(f"{WRITTEN}draft/FA7/versions/", STAFF, True),
    "section-version": Route(f"{WRITTEN}draft/FA7/versions/1/", STAFF, True),
    "my-sections": Route("/en/sections/", STAFF),
    "report-translation": Route(f"{WRITTEN}translation/", STAFF, True),
    "report-translation-file": Route(f"{WRITTEN}translation/fr.xlf", STAFF),
    "report-translation-return": Route(f"{WRITTEN}translation/returned/aaaa/", STAFF, True),
    "report-compare": Route(f"{ISSUED}compare/"),
    "report-questions": Route(f"{ISSUED}questions/", STAFF, True),
    "report-symbol": Route("/en/symbols/HSP/GC/26/99", (OK, AWAY)),
    "corrigendum-draft": Route(f"{ISSUED}corrigendum/", FORM, True),
    "corrections-issued": Route("/en/corrections/issued/", STAFF),
    "committee": Route("/en/committee/", STAFF),
    "questions": Route("/en/questions/", STAFF),
    "question": Route("/en/questions/{question}/", STAFF, True),
    "calendar": Route("/en/reports/calendar/"),
    "calendar-file": Route("/en/reports/calendar.ics"),
    "calendar-session": Route("/en/reports/calendar/sessions/GC-26/", STAFF, True),
    "calendar-report": Route("/en/reports/calendar/biennial-progress-2018-2019/", STAFF, True),
    "sign-in": Route("/en/sign-in/", (OK, AWAY), True),
    "sign-out": Route("/en/sign-out/", (405, AWAY), True),
    "account": Route("/en/account/", STAFF, True),
    "sign-out-elsewhere": Route("/en/account/sign-out-elsewhere/", FORM, True),
    "access-keys": Route("/en/account/keys/", STAFF, True),
    "work": Route("/en/work/", STAFF, True),
    "overview": Route("/en/overview/", STAFF),
    "office-period": Route("/en/offices/ROAP/2017/", STAFF, True),
    "office-submit": Route("/en/offices/ROAP/2017/submit/", FORM, True),
    "office-figure": Route("/en/offices/ROAP/2017/EA3.a.1/", STAFF, True),
    "office-rows": Route("/en/offices/ROAP/2017/rows/", (OK, 401, ELSEWHERE, 405)),
    "office-cell": Route("/en/offices/ROAP/2017/EA3.a.1/cell/", (405, 401, ELSEWHERE, 403), True),
    "office-achievements": Route("/en/offices/ROAP/2017/FA2.1/achievements/", STAFF, True),
    "office-achievement": Route("/en/offices/ROAP/2017/FA2.1/achievements/{achievement}/", STAFF, True),
    "authorities": Route("/en/authorities/", STAFF),
    "authority": Route("/en/authorities/{authority}/", STAFF, True),
    "authority-suggest": Route("/en/authorities/suggest/?q=a", STAFF),
    "office-workbook": Route("/en/offices/ROAP/2017.xlsx", STAFF),
    "list-file": Route("/en/lists/targets.csv", STAFF),
    "upload-new": Route("/en/uploads/new/?kind=authorities", STAFF, True),
    "upload": Route("/en/uploads/{upload}/", STAFF, True),
    "upload-progress": Route("/en/uploads/{upload}/progress/", STAFF),
    "upload-errors": Route("/en/uploads/{upload}/errors/", STAFF),
    "evidence": Route("/en/evidence/", STAFF),
    "office-evidence": Route("/en/offices/ROAP/2017/EA3.a.1/evidence/", STAFF, True),
    "evidence-file": Route("/en/offices/ROAP/2017/EA3.a.1/evidence/{evidence}/", STAFF),
    "evidence-retire": Route("/en/offices/ROAP/2017/EA3.a.1/evidence/{evidence}/retire/", FORM, True),
    "submissions": Route("/en/submissions/", STAFF, True),
    "sign-off": Route("/en/submissions/{submission}/sign-off.pdf", STAFF),
    "submission": Route("/en/submissions/{submission}/", STAFF, True),
    "office-preview": Route("/en/offices/ROAP/2017/preview/", STAFF),
    "figure-history": Route("/en/offices/ROAP/2017/EA3.a.1/history/", STAFF),
    "figure-queries": Route("/en/offices/ROAP/2017/EA3.a.1/queries/", STAFF, True),
    "figure-correct": Route("/en/offices/ROAP/2017/EA3.a.1/correct/", STAFF, True),
    "queries": Route("/en/queries/", STAFF),
    "corrections": Route("/en/corrections/", STAFF),
    "periods": Route("/en/periods/", STAFF, True),
    "period": Route("/en/periods/2017/", STAFF, True),
}


def _views(
    patterns: list[URLPattern | URLResolver], space: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _views(pattern.url_patterns, inner)
        else:
            yield space + (pattern.name or str(pattern.pattern)), pattern.callback


def views() -> dict[str, Callable[..., Any]]:
    """The view of every route that the site answers to, by its name."""
    return dict(_views(get_resolver().url_patterns))


def known_routes() -> set[str]:
    """The names of all routes that the site answers to."""
    return set(views())


def read_out(response: Any) -> Any:
    """The answer, read to its end: a file that is served stays open until then."""
    response.getvalue()
    return response


def sample_of(name: str, site: dict[str, object]) -> str:
    """The address to try a route by."""
    return ROUTES[name].path.format(**site)
