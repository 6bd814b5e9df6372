"""Evaluations, recommendations and lessons as JSON: codes, ISO days, texts by language.

Nothing here names a person, and what offices report on their actions is left out.
"""

from typing import Any

from django.urls import reverse

from evaluations.models import Evaluation, Lesson, ManagementResponse, Scope
from evaluations.queries.evaluations import EvaluationPage
from evaluations.queries.recommendations import Acted, Recommended
from habitat_plan.kit.wording import Wording

Data = dict[str, Any]


def text_data(wording: Wording | None, language: str) -> dict[str, str]:
    """A text by language; with a language, that one alone, or English where it has none."""
    if not wording:
        return {}
    if not language:
        return {local.language: local.text for local in wording}
    local = wording.local(language)
    return {local.language: local.text}


def evaluation_data(one: Evaluation, language: str) -> Data:
    """What a list says of an evaluation. `budget` is in United States dollars."""
    return {
        "code": one.code,
        "number": one.number or None,
        "year": one.report_year,
        "title": text_data(one.title, language),
        "kind": one.kind,
        "state": one.state,
        "conducted_by": one.conducted_by or None,
        "plan": one.plan.code if one.plan else None,
        "mandate": one.mandate.code if one.mandate else None,
        "completed_on": one.completed_on,
        "published_on": one.published_on,
        "symbol": one.symbol or None,
        "source": one.source or None,
        "link": one.link or None,
        "illustrative": one.illustrative,
    }


def whole_evaluation_data(page: EvaluationPage, language: str) -> Data:
    """An evaluation with its parts, without the names of those who made it."""
    one = page.evaluation
    return evaluation_data(one, language) | {
        "purpose": text_data(one.purpose, language),
        "summary": text_data(one.summary, language),
        "scope": [_scope(scope) for scope in page.scopes],
        "criteria": [
            {
                "code": rated.criterion.code,
                "grade": rated.rating.grade.code if rated.rating else None,
                "reason": text_data(rated.rating.reason if rated.rating else None, language),
            }
            for rated in page.ratings
        ],
        "findings": [
            {
                "number": found.number,
                "text": text_data(found.text, language),
                "criterion": found.criterion.code if found.criterion else None,
                "illustrative": found.illustrative,
            }
            for found in page.findings
        ],
        "files": [
            {
                "kind": file.kind,
                "language": file.language,
                "size": file.size,
                "sha256": file.sha256,
                "url": reverse("evaluation-file", args=[one.code, file.pk]),
            }
            for file in page.files
        ],
        "amendments": [
            {"number": note.number, "on": note.on, "text": text_data(note.text, language)}
            for note in page.amendments
        ],
        "response": _response(page.response, language),
        "recommendations": [_short(row, language) for row in page.recommendations],
    }


def _scope(scope: Scope) -> Data:
    """What is looked at, by its code; a strategy by its words."""
    codes = {
        Scope.Kind.FOCUS_AREA: scope.focus_area.code if scope.focus_area else None,
        Scope.Kind.PROJECT: scope.project.code if scope.project else None,
        Scope.Kind.COUNTRY: scope.country.iso3 if scope.country else None,
        Scope.Kind.REGION: scope.region.code if scope.region else None,
        Scope.Kind.OFFICE: scope.office.code if scope.office else None,
    }
    return {"kind": scope.kind, "code": codes.get(Scope.Kind(scope.kind)), "words": scope.words}


def _response(one: ManagementResponse | None, language: str) -> Data | None:
    if one is None:
        return None
    return {
        "version": one.version,
        "on": one.on,
        "text": text_data(one.text, language),
        "differences": text_data(one.differences, language),
    }


def _short(row: Recommended, language: str) -> Data:
    one = row.recommendation
    return {
        "code": one.code,
        "number": one.number,
        "text": text_data(one.text, language),
        "standing": row.standing,
        "illustrative": one.illustrative,
    }


def recommendation_data(row: Recommended, language: str) -> Data:
    """A recommendation as it stands on the day, with management's answer and the actions."""
    one = row.recommendation
    return _short(row, language) | {
        "evaluation": one.evaluation.code,
        "office": one.office.code,
        "priority": one.priority or None,
        "as_of": row.day,
        "due_on": row.due_on,
        "days_late": row.days_late if row.is_open else None,
        "closed_on": row.closed_on,
        "answer": {
            "decision": row.answer.decision,
            "version": row.answer.version,
            "on": row.answer.on,
            "text": text_data(row.answer.text, language),
            "reason": text_data(row.answer.reason, language),
        }
        if row.answer
        else None,
        "actions": [action_data(acted, language) for acted in row.actions],
    }


def action_data(acted: Acted, language: str) -> Data:
    """An action: what, which office, by when, how far."""
    one = acted.action
    return {
        "number": one.number,
        "text": text_data(one.text, language),
        "office": one.office.code,
        "planned_on": one.planned_on,
        "agreed_due_on": one.agreed_due_on,
        "due_on": acted.due_on,
        "phase": acted.phase,
        "state": acted.state.code,
    }


def lesson_data(one: Lesson, language: str) -> Data:
    """A lesson or good practice, and where it belongs."""
    return {
        "number": one.pk,
        "kind": one.kind,
        "title": text_data(one.title, language),
        "context": text_data(one.context, language),
        "text": text_data(one.text, language),
        "evidence": text_data(one.evidence, language),
        "evaluation": one.evaluation.code if one.evaluation else None,
        "focus_areas": [area.code for area in one.focus_areas.all()],
        "countries": [country.iso3 for country in one.countries.all()],
        "tags": [tag.code for tag in one.tags.all()],
        "published_at": one.published_at,
        "illustrative": one.illustrative,
    }
