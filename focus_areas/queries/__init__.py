"""Reads of the plan: dataclasses and rows out, a fixed number of queries."""

from focus_areas.queries.elements import (
    NO_WORDING,
    ElementPage,
    PlanElement,
    element_page,
    elements,
)
from focus_areas.queries.periods import period, years
from focus_areas.queries.plan_page import PlanPage, plan_page
from focus_areas.queries.texts import is_code, plan, revisions, texts, wordings_of

__all__ = [
    "NO_WORDING",
    "ElementPage",
    "PlanElement",
    "PlanPage",
    "element_page",
    "elements",
    "is_code",
    "period",
    "plan",
    "plan_page",
    "revisions",
    "texts",
    "wordings_of",
    "years",
]
