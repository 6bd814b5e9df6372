"""Reads of the plan: its texts as valid in a revision, results, periods."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from focus_areas.models import (
    FocusArea,
    FundedPosts,
    Period,
    Phase,
    PlanRevision,
    PlanText,
    Result,
    StrategicPlan,
)
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


def plan() -> StrategicPlan:
    """The plan of this installation. One query."""
    return StrategicPlan.objects.get()


def revisions() -> list[PlanRevision]:
    """All revisions, oldest first."""
    return list(PlanRevision.objects.order_by("dated"))


def texts(
    *,
    codes: Iterable[str] = (),
    parents: Iterable[str] = (),
    kinds: Iterable[str] = (),
    revision: PlanRevision | None = None,
) -> dict[str, PlanText]:
    """Texts by code: the newest at or before a revision (the latest by default). One query.

    Asks for texts with one of the codes, or below one of the parents, or of one of the kinds.
    """
    wanted = Q(code__in=list(codes)) | Q(parent__in=list(parents)) | Q(kind__in=list(kinds))
    rows = PlanText.objects.filter(wanted).select_related("revision")
    if revision is not None:
        rows = rows.filter(revision__dated__lte=revision.dated)
    return {text.code: text for text in rows.order_by("revision__dated", "kind", "ordinal", "code")}


def wordings_of(code: str) -> list[PlanText]:
    """All wordings that a text has had, oldest first. One query."""
    rows = PlanText.objects.filter(code=code).select_related("revision")
    return list(rows.order_by("revision__dated"))


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


def focus_areas() -> list[FocusArea]:
    """The seven focus areas by number."""
    return list(FocusArea.objects.select_related("branch"))


def period(code: str) -> Period | None:
    """A period by its code, as people say it (2017, 2016-2017, mid-term)."""
    return Period.objects.filter(code=code).first()


def years() -> list[Period]:
    """The years for which figures are entered, with the baseline year."""
    return list(Period.objects.filter(kind__in=[Period.Kind.BASELINE, Period.Kind.YEAR]))


# The texts of the plan page, in order: section → kinds of text.
PLAN_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "frame": ("vision", "mission", "goal"),
    "cross_cutting": ("cross_cutting", "cross_cutting_asks", "cross_cutting_method"),
    "principles": ("principle",),
    "lessons": ("lesson", "mtsip_issue", "mandate"),
    "obligations": ("obligation", "addressee"),
    "risks": ("risk", "mitigation"),
    "swot": ("strength", "weakness", "opportunity", "threat"),
    "factors": ("factor_group", "factor"),
}


@dataclass(frozen=True)
class TextBranch:
    """A text of the plan with the texts that stand under it: a risk with what is done about it."""

    text: PlanText
    below: tuple[PlanText, ...]


def _branches(found: list[PlanText]) -> tuple[TextBranch, ...]:
    codes = {text.code for text in found}
    return tuple(
        TextBranch(text, tuple(one for one in found if one.parent == text.code))
        for text in found
        if text.parent not in codes
    )


@dataclass(frozen=True)
class PlanPage:
    """The plan in one page: revisions, both wordings of the result, texts by section, calendar."""

    revisions: tuple[PlanRevision, ...]
    results: tuple[PlanText, ...]
    sections: Mapping[str, tuple[TextBranch, ...]]
    phases: tuple[tuple[Phase, PlanText | None, tuple[PlanText, ...]], ...]
    posts: tuple[FundedPosts, ...]

    @property
    def all_posts(self) -> int:
        """The sum of the posts by fund."""
        return sum(row.posts for row in self.posts)


def plan_page() -> PlanPage:
    """Everything on the page of the plan. Six queries."""
    kinds = [kind for section in PLAN_SECTIONS.values() for kind in section]
    found = texts(kinds=[*kinds, "phase", "milestone"])
    by_kind: dict[str, list[PlanText]] = {}
    for text in sorted(found.values(), key=lambda text: (text.ordinal, text.code)):
        by_kind.setdefault(text.kind, []).append(text)
    phases = Phase.objects.prefetch_related("milestones")
    return PlanPage(
        revisions=tuple(revisions()),
        results=tuple(wordings_of("SR.result")),
        sections={
            section: _branches([text for kind in kinds for text in by_kind.get(kind, [])])
            for section, kinds in PLAN_SECTIONS.items()
        },
        phases=tuple(
            (
                phase,
                found.get(phase.code),
                tuple(found[one.code] for one in phase.milestones.all() if one.code in found),
            )
            for phase in phases
        ),
        posts=tuple(FundedPosts.objects.all()),
    )
