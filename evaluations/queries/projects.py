"""The register of projects: which there are, which are above the threshold, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evaluations.models import Project, Threshold
from evaluations.queries.coverage import Gathered, gathered, sized
from evaluations.rules import coverage as rules
from evaluations.rules.coverage import Covered, Gap
from evaluations.rules.texts import folded, words_of


@dataclass(frozen=True)
class Registered:
    """A project: `limit` is the threshold it is above, if it is; `covered` its evaluation then."""

    project: Project
    limit: Decimal | None
    covered: Covered | None
    gaps: Sequence[Gap] = ()

    @property
    def is_above(self) -> bool:
        """True if its budget is above the threshold in force when it closes."""
        return self.limit is not None


@dataclass(frozen=True)
class Register:
    """The projects that were asked for, and the thresholds; `all` is how many there are."""

    projects: Sequence[Registered]
    thresholds: Sequence[Threshold]
    all: int
    gathered: Gathered


def register(*, on: date, asked: str = "", office: str = "", above: bool = False) -> Register:
    """Projects whose code, title (in any language) or office fits. Ten queries for any number.

    The register is small until `portfolio` takes it over, so that it is searched in memory.
    """
    found = gathered(on)
    rows = [_registered(one, found) for one in found.projects.values()]
    words = words_of(asked)
    kept = [
        one
        for one in rows
        if (not above or one.is_above)
        and (not office or one.project.office.code == office)
        and all(word in _searched(one.project) for word in words)
    ]
    return Register(kept, found.thresholds, len(rows), found)


def one_project(code: str, *, on: date) -> tuple[Registered, Gathered] | None:
    """A project that an address names, with what is asked of it. Ten queries."""
    found = gathered(on)
    row = found.projects.get(code)
    return (_registered(row, found), found) if row else None


def _searched(project: Project) -> str:
    titles = (local.text for local in project.title)
    return folded(project.code, project.office.code, *titles)


def _registered(project: Project, found: Gathered) -> Registered:
    made = found.world
    limit = rules.limit_passed(sized(project, made.day), made.limits)
    if limit is None:
        return Registered(project, None, None)
    return Registered(project, limit, found.covered.get(project.code), found.gaps_of(project.code))
