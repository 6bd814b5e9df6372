"""What the forms of evaluations offer: bienniums, mandates, places, criteria and their scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from evaluations.models import Criterion, CriterionGrade, Mandate, Project
from focus_areas.models import FocusArea, Period, PlanText
from focus_areas.queries import texts
from focus_areas.queries.texts import is_code
from organization.models import Country, Office, Region


@dataclass(frozen=True)
class Named:
    """A focus area with its title."""

    area: FocusArea
    title: PlanText | None

    def __str__(self) -> str:
        return f"{self.area.code} {self.title.wording}" if self.title else self.area.code


class Choices:
    """The rows that forms offer, each list read once and only if a form asks for it."""

    @cached_property
    def bienniums(self) -> list[Period]:
        """The bienniums of the plan."""
        return list(Period.objects.filter(kind=Period.Kind.BIENNIUM))

    @cached_property
    def mandates(self) -> list[Mandate]:
        """What asks for evaluations."""
        return list(Mandate.objects.all())

    @cached_property
    def focus_areas(self) -> list[Named]:
        """The focus areas with their titles."""
        areas = list(FocusArea.objects.all())
        titles = texts(codes=[f"{one.code}.title" for one in areas])
        return [Named(one, titles.get(f"{one.code}.title")) for one in areas]

    @cached_property
    def regions(self) -> list[Region]:
        """The regions."""
        return list(Region.objects.all())

    @cached_property
    def countries(self) -> list[Country]:
        """Countries and areas, by name in the reader's language."""
        return sorted(Country.objects.all(), key=str)

    @cached_property
    def offices(self) -> list[Office]:
        """The offices of the secretariat: no missions."""
        return sorted(Office.objects.exclude(kind=Office.Kind.MISSION), key=str)

    @cached_property
    def criteria(self) -> list[Criterion]:
        """The criteria, in their order."""
        return list(Criterion.objects.all())

    @cached_property
    def grades(self) -> list[CriterionGrade]:
        """The scale on which criteria are rated."""
        return list(CriterionGrade.objects.all())


def projects_by_code(codes: Iterable[str]) -> dict[str, Project]:
    """The projects of these codes that there are."""
    wanted = [code for code in codes if is_code(code)]
    return {one.code: one for one in Project.objects.filter(code__in=wanted)}
