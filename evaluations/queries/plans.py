"""The evaluation plan of a biennium: as it is drawn up, as it was approved, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from evaluations.models import Evaluation, Mandate, PlanVersion, Scope
from evaluations.permissions import Person, is_of_secretariat, seen_by
from evaluations.queries.coverage import life_of, steps_of
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.rules.history import state_on
from evaluations.rules.plans import (
    Named,
    Planned,
    Progress,
    Standing,
    in_order,
    planned_of,
    progress,
)
from focus_areas.models import Period
from focus_areas.queries import texts
from habitat_plan.kit.wording import Wording


@dataclass(frozen=True)
class PlanPage:
    """The plan of a biennium as one person sees it on a day.

    For the secretariat `rows` tell the progress of the plan as it stands now against the last
    approved version. For everybody else they are that version alone, and the published evaluations
    that were added to it; `published` holds by key what they may read of.
    """

    biennium: Period
    day: date
    versions: Sequence[PlanVersion]
    approved: Sequence[Planned]
    rows: Sequence[Progress]
    published: Mapping[int, Evaluation]
    is_whole: bool
    drafted: Sequence[Planned] = ()

    @property
    def version(self) -> PlanVersion | None:
        """The last approved version."""
        return self.versions[-1] if self.versions else None


def bienniums() -> list[Period]:
    """The bienniums of the plan, the first one first. One query."""
    return list(Period.objects.filter(kind=Period.Kind.BIENNIUM).order_by("start"))


def biennium_on(day: date, known: Sequence[Period]) -> Period | None:
    """The biennium of a day; of a day before or after all of them, the nearest."""
    begun = [one for one in known if one.start <= day]
    if begun:
        return begun[-1]
    return known[0] if known else None


def versions_of(biennium: Period, *, on: date) -> list[PlanVersion]:
    """The versions approved by a day, the first one first. One query."""
    rows = PlanVersion.objects.filter(biennium=biennium, approved_on__lte=on)
    return list(rows.select_related("biennium", "by").order_by("number"))


def one_version(biennium: str, number: int, *, on: date) -> PlanVersion | None:
    """A version that an address names."""
    rows = PlanVersion.objects.filter(biennium__code=biennium, approved_on__lte=on, number=number)
    return rows.select_related("biennium", "by").first()


def drafted(biennium: Period) -> list[Planned]:
    """The plan as it is drawn up now; what is cancelled is not in it. Four queries."""
    rows = Evaluation.objects.filter(plan=biennium).exclude(state=Evaluation.State.CANCELLED)
    return [planned for _row, planned in _listed(rows)]


def plan_page(biennium: Period, user: Person, *, on: date) -> PlanPage:
    """The plan as a person sees it. Six queries for the secretariat, five for everybody else."""
    versions = versions_of(biennium, on=on)
    approved = planned_of(versions[-1].content) if versions else []
    listed = _listed(_of_plan(biennium, approved).filter(seen_by(user, on=on)))
    is_whole = is_of_secretariat(user)
    standings = _standings(listed, on) if is_whole else [_published(*one) for one in listed]
    # Whoever is not of the secretariat does not see that something was dropped or is late.
    rows = progress(biennium.code, approved, standings, on)
    return PlanPage(
        biennium=biennium,
        day=on,
        versions=versions,
        approved=approved,
        rows=rows,
        published={row.pk: row for row, _planned in listed if row.is_published},
        is_whole=is_whole,
        drafted=in_order(
            one.planned
            for one in standings
            if one.biennium == biennium.code and one.state != EvaluationState.CANCELLED
        ),
    )


def _of_plan(biennium: Period, approved: Sequence[Planned]) -> QuerySet[Evaluation]:
    """The evaluations of a biennium, and those of its approved plan wherever they stand now."""
    keys = [one.key for one in approved]
    return Evaluation.objects.filter(Q(plan=biennium) | Q(pk__in=keys))


def _published(row: Evaluation, planned: Planned) -> Standing:
    code = row.plan.code if row.plan else ""
    return Standing(planned, code, EvaluationState(row.state), row.completed_on)


def _standings(listed: Iterable[tuple[Evaluation, Planned]], on: date) -> list[Standing]:
    """Evaluations as they were on a day, without those that were not there yet. One query."""
    rows = list(listed)
    steps = steps_of([row.pk for row, _planned in rows])
    found = []
    for row, planned in rows:
        state = state_on(on, life_of(row, steps[row.pk]))
        if state is not None:
            code = row.plan.code if row.plan else ""
            found.append(Standing(planned, code, state, row.completed_on))
    return found


def _listed(rows: QuerySet[Evaluation]) -> list[tuple[Evaluation, Planned]]:
    """Evaluations with what a plan lists of them. Four queries."""
    scopes = Scope.objects.select_related("focus_area", "project", "country", "region", "office")
    found = list(
        rows.select_related("plan", "mandate").prefetch_related(
            "criteria", Prefetch("scopes", scopes.order_by("kind", "id"))
        )
    )
    titles = {code: text.wording for code, text in texts(kinds=["title"]).items()}
    return [(row, _one_planned(row, titles)) for row in found]


def _one_planned(row: Evaluation, titles: Mapping[str, Wording]) -> Planned:
    return Planned(
        key=row.pk,
        code=row.code,
        title=row.title.to_json(),
        kind=row.kind,
        conducted_by=row.conducted_by,
        budget=row.budget,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        mandate=_mandate(row.mandate) if row.mandate else None,
        criteria=tuple(
            Named("criterion", one.code, one.name.to_json()) for one in row.criteria.all()
        ),
        scope=tuple(named(one, titles) for one in row.scopes.all()),
        illustrative=row.illustrative,
    )


def _mandate(row: Mandate) -> Named:
    return Named(
        row.body, row.code, row.name.to_json(), row.reference, row.paragraph, row.illustrative
    )


def named(scope: Scope, titles: Mapping[str, Wording]) -> Named:
    """What an evaluation looks at, by name; the plan as a whole needs none."""
    if scope.focus_area:
        code = scope.focus_area.code
        return Named(scope.kind, code, titles.get(f"{code}.title", Wording({})).to_json())
    if scope.project:
        row = scope.project
        return Named(scope.kind, row.code, row.title.to_json(), illustrative=row.illustrative)
    if scope.country:
        return Named(
            scope.kind,
            scope.country.iso3,
            scope.country.name.to_json(),
            illustrative=scope.country.illustrative,
        )
    if scope.region:
        return Named(scope.kind, scope.region.code, scope.region.name.to_json())
    if scope.office:
        return Named(scope.kind, scope.office.code, scope.office.name.to_json())
    return Named(scope.kind, scope.words, Wording.of(en=scope.words).to_json())


def illustrative(planned: Iterable[Planned]) -> bool:
    """True if anything of a plan is demonstration and not official."""
    return any(
        one.illustrative
        or (one.mandate is not None and one.mandate.illustrative)
        or any(named.illustrative for named in one.scope)
        for one in planned
    )
