"""Focus areas and support functions with their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from focus_areas.models import PlanRevision, PlanText, Result
from focus_areas.queries.texts import is_code, texts
from habitat_plan.kit.wording import Wording

NO_WORDING = Wording({})


@dataclass(frozen=True)
class PlanElement:
    """A focus area or support function with its words as valid in a revision."""

    code: str
    result: Result
    title: Wording
    statement: Wording
    objective: Wording
    paragraph: str
    number: int = 0
    branch_code: str = ""
    branch_name: Wording = NO_WORDING
    priority: bool = False
    illustrative: bool = False


@dataclass(frozen=True)
class ElementPage:
    """Everything the plan says about one focus area or support function, by kind."""

    element: PlanElement
    texts: Mapping[str, tuple[PlanText, ...]]
    earlier: tuple[PlanText, ...] = field(default=())


def _wording(found: Mapping[str, PlanText], code: str) -> Wording:
    return found[code].wording if code in found else NO_WORDING


def _element(result: Result, found: Mapping[str, PlanText]) -> PlanElement:
    area = result.focus_area
    illustrative = result.level == Result.Level.ACCOMPLISHMENT
    statement_code = result.code if illustrative else f"{result.code}.result"
    own = found.get(statement_code)
    return PlanElement(
        code=result.code,
        result=result,
        title=_wording(found, f"{result.code}.title"),
        statement=_wording(found, statement_code),
        objective=_wording(found, f"{result.code}.objective"),
        paragraph=own.paragraph if own else "",
        number=area.number if area else 0,
        branch_code=result.office.code if result.office else "",
        branch_name=result.office.name if result.office else NO_WORDING,
        priority=bool(area and area.priority),
        illustrative=result.illustrative,
    )


def elements(*levels: str, revision: PlanRevision | None = None) -> list[PlanElement]:
    """Results of some levels with their words, in the plan's order. Two queries."""
    results = list(
        Result.objects.filter(level__in=levels)
        .select_related("focus_area", "office")
        .order_by("ordinal")
    )
    codes = [
        code
        for result in results
        for code in (
            result.code,
            f"{result.code}.title",
            f"{result.code}.result",
            f"{result.code}.objective",
        )
    ]
    found = texts(codes=codes, revision=revision)
    return [_element(result, found) for result in results]


def element_page(code: str) -> ElementPage | None:
    """One focus area or support function with all its texts, or None. Three queries."""
    if not is_code(code):
        return None
    result = Result.objects.filter(code=code).select_related("focus_area", "office").first()
    if result is None:
        return None
    found = texts(codes=[code], parents=[code])
    by_kind: dict[str, list[PlanText]] = {}
    for text in found.values():
        by_kind.setdefault(text.kind, []).append(text)
    current = {text.pk for text in found.values()}
    earlier = [
        text
        for text in PlanText.objects.filter(parent=code).select_related("revision")
        if text.pk not in current
    ]
    return ElementPage(
        _element(result, found),
        {kind: tuple(rows) for kind, rows in by_kind.items()},
        tuple(earlier),
    )
