"""What a coming report still lacks, in words: the answer, by office and focus area, each figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.queries import texts
from indicators.pages.number_words import begin, in_words
from indicators.queries.readiness import Item, Lack, Readiness
from indicators.services.reminder_words import LACKS
from organization.models import Office, Role, User
from organization.permissions import holds


@dataclass(frozen=True)
class Cell:
    """How many figures of a row lack one thing; `url` leads to them."""

    label: str | Promise
    number: int
    url: str


@dataclass(frozen=True)
class Row:
    """An office or focus area with what it lacks, in the order of the columns."""

    name: Any
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Figure:
    """A figure that is not ready, and the page where that is mended."""

    code: str
    title: Any
    year: int
    url: str


@dataclass(frozen=True)
class Group:
    """What one office lacks of one kind, figure by figure."""

    label: str | Promise
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Section:
    """All that one office lacks; the tables lead here."""

    anchor: str
    name: Any
    groups: tuple[Group, ...]


def heading(found: Readiness) -> str:
    """How many of the figures are not ready."""
    if not found.expected:
        return _("No office reports figures for this report")
    if not found.items:
        return _("All figures are ready")
    sentence = ngettext(
        "%(number)s of %(all)s figures is not ready",
        "%(number)s of %(all)s figures are not ready",
        len(found.items),
    )
    numbers = {"number": in_words(len(found.items)), "all": in_words(found.expected)}
    return begin(sentence % numbers)


def _cells(items: Sequence[Item], anchor: str) -> tuple[Cell, ...]:
    return tuple(
        Cell(label, sum(lack in item.lacks for item in items), anchor)
        for lack, label in LACKS.items()
    )


def _figures(items: Iterable[Item], lack: Lack) -> tuple[Figure, ...]:
    page = "figure-queries" if lack is Lack.ASKED else "office-figure"
    return tuple(
        Figure(
            code=item.indicator.code,
            title=item.indicator.title,
            year=item.year,
            url=reverse(page, args=[item.office.code, item.year, item.indicator.code]),
        )
        for item in items
        if lack in item.lacks
    )


def _section(office: Office, items: Sequence[Item]) -> Section:
    groups = (Group(label, _figures(items, lack)) for lack, label in LACKS.items())
    return Section(
        anchor=f"office-{office.code}",
        name=office.name,
        groups=tuple(group for group in groups if group.figures),
    )


def _area_names(codes: Iterable[str]) -> dict[str, Any]:
    """What focus areas are called, in the plan's words. One query."""
    wanted = {code: f"{code}.title" for code in codes if code}
    found = texts(codes=wanted.values())
    return {code: found[title].wording for code, title in wanted.items() if title in found}


def readiness_context(user: User, found: Readiness) -> dict[str, Any]:
    """Everything the template shows of what a report lacks. One query."""
    by_office, by_area = found.by_office(), found.by_area()
    names = _area_names(by_area)
    totals = found.counted()
    return {
        "heading": heading(found),
        "columns": list(LACKS.values()),
        "facts": [(label, totals[lack]) for lack, label in LACKS.items()],
        "offices": [
            Row(office.name, _cells(items, f"#office-{office.code}"))
            for office, items in by_office.items()
        ],
        "areas": [
            Row(names.get(area) or area or _("Lead and support functions"), _cells(items, ""))
            for area, items in by_area.items()
        ],
        "sections": [_section(office, items) for office, items in by_office.items()],
        "may_remind": holds(user, Role.QUALITY_ASSURANCE),
    }
