"""Many authorities or achievements at once, as a file brings them: typed texts in, outcomes out.

The same rules as on the pages. `compare_*` writes nothing and says what `enter_*` would do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Achievement, Authority, Indicator, Upload
from organization.models import Office, User

State = Literal["new", "changed", "unchanged", "refused"]


@dataclass(frozen=True)
class AuthorityLine:
    """An authority as typed. Type: its code or its word in any of the six languages. Country: ISO3
    code or name in any of them. `other_names`: more names it is found by; none is taken away.

    `key` is the number of the register entry that the line is about; "" finds it by name, type and
    country; "new" says that it is none of those that look like it.
    """

    name: str
    type: str
    country: str
    other_names: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class AchievementLine:
    """An achievement as typed. The authority goes by any of its names; country and type are needed
    only if several have the name, or if it is to be registered. The day: year-month-day.
    """

    indicator: Indicator
    office: Office
    period: Period
    authority: str
    country: str = ""
    type: str = ""
    achieved_on: str = ""
    evidence: str = ""
    link: str = ""


@dataclass(frozen=True)
class AuthorityOutcome:
    """What became, or would become, of a line. `changes` maps a field to (from, to)."""

    line: AuthorityLine
    state: State
    subject: Authority | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: RuleBroken | None = None


@dataclass(frozen=True)
class AchievementOutcome:
    """What became, or would become, of a line. `changes` maps a field to (from, to)."""

    line: AchievementLine
    state: State
    subject: Achievement | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: RuleBroken | None = None


def compare_authorities(
    *, lines: Iterable[AuthorityLine], by: User, at: datetime
) -> list[AuthorityOutcome]:
    """What entering these lines would do. Writes nothing."""
    raise NotImplementedError


@transaction.atomic
def enter_authorities(
    *,
    lines: Iterable[AuthorityLine],
    by: User,
    at: datetime,
    upload: Upload | None = None,
    reason: str = "",
) -> list[AuthorityOutcome]:
    """Writes all that is not refused, in one transaction; with an upload, all or nothing.

    Raises RuleBroken `lines_refused` with the sentences if an upload holds a refused line.
    """
    raise NotImplementedError


def compare_achievements(
    *, lines: Iterable[AchievementLine], by: User, at: datetime
) -> list[AchievementOutcome]:
    """What entering these lines would do. Writes nothing."""
    raise NotImplementedError


@transaction.atomic
def enter_achievements(
    *,
    lines: Iterable[AchievementLine],
    by: User,
    at: datetime,
    upload: Upload | None = None,
    reason: str = "",
) -> list[AchievementOutcome]:
    """Writes all that is not refused, in one transaction; with an upload, all or nothing.

    Raises RuleBroken `lines_refused` with the sentences if an upload holds a refused line.
    """
    raise NotImplementedError
