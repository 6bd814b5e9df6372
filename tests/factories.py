"""Rows for tests, made without the services, each checked by its model's fields and its table.

Times are fixed: `NOW` is the morning of 16 January 2017, when the figures of 2016 are due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from django.db import models

from focus_areas.models import FocusArea, Period, PlanRevision, Result, StrategicPlan
from habitat_plan.kit.wording import Wording
from indicators.models import (
    Achievement,
    Assignment,
    Authority,
    Axis,
    Baseline,
    Category,
    Evidence,
    Figure,
    Indicator,
    IndicatorOption,
    Observation,
    PeriodWindow,
    Series,
    Submission,
    Target,
    Upload,
)
from organization.models import Country, Office, Region, Role, RoleAssignment, User

NOW = datetime(2017, 1, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
DUE = date(2017, 1, 31)
PERIODS: dict[str, tuple[str, int, int]] = {
    "2013": ("baseline", 2013, 2013),
    **{str(year): ("year", year, year) for year in range(2014, 2020)},
    "2014-2015": ("biennium", 2014, 2015),
    "2016-2017": ("biennium", 2016, 2017),
    "2018-2019": ("biennium", 2018, 2019),
    "mid-term": ("mid_term", 2014, 2016),
    "final": ("final", 2014, 2019),
}
# Kind → what an entry means, rule across periods, rule across places.
RULES = {
    "count": ("to_date", "latest", "distinct_count"),
    "number": ("this_period", "sum", "sum"),
    "ratio": ("this_period", "ratio_of_sums", "ratio_of_sums"),
    "statistic": ("this_period", "latest", "weighted_mean"),
    "yes_no": ("to_date", "latest", "sum"),
    "scale": ("to_date", "latest", "none"),
    "milestone": ("to_date", "latest", "none"),
}
numbers = count(1)
Row = TypeVar("Row", bound=models.Model)


def saved(row: Row) -> Row:
    """The row, validated and stored. What a service leaves empty is not validated as a form.

    References, uniqueness and constraints are left to the database, which holds every one of them
    and refuses the row just the same: to ask for each beforehand costs more than all else.
    """
    left = [
        f.name
        for f in row._meta.fields
        if f.is_relation or (f.null and getattr(row, f.attname) is None)
    ]
    row.full_clean(exclude=left, validate_unique=False, validate_constraints=False)
    row.save()
    return row


def say(text: str) -> Wording:
    """A working text in English."""
    return Wording.of(en=text)


def office(code: str = "", *, kind: str = "branch", **fields: Any) -> Office:
    """An office; a branch unless another kind is named."""
    code = code or f"B{next(numbers)}"
    return saved(Office(code=code, kind=kind, name=say(f"Office {code}"), **fields))


def person(name: str = "", **roles: Office) -> User:
    """A person with roles in offices: `person("Ana", contributor=branch)`."""
    name = name or f"Person {next(numbers)}"
    user = User(email=f"{name.lower().replace(' ', '.')}@example.org", name=name)
    user.set_unusable_password()
    saved(user)
    for role, held_in in roles.items():
        grant(user, role, held_in)
    return user


def grant(user: User, role: str, held_in: Office) -> RoleAssignment:
    """A role in an office since the beginning of the plan."""
    return saved(
        RoleAssignment(user=user, role=Role(role), office=held_in, since=date(2014, 1, 1))
    )


def plan() -> StrategicPlan:
    """The plan of the installation; the same one each time."""
    known = StrategicPlan.objects.first()
    return known or saved(
        StrategicPlan(code="2014-2019", start_year=2014, end_year=2019, baseline_year=2013)
    )


def revision(code: str = "2013", *, dated: date = date(2013, 4, 19)) -> PlanRevision:
    """An edition of the plan."""
    title = say(f"Strategic plan as of {code}")
    return saved(
        PlanRevision(plan=plan(), code=code, symbol=f"HSP/{code}", dated=dated, title=title)
    )


def period(code: str) -> Period:
    """A period of the plan's calendar; the same one each time."""
    kind, start, end = PERIODS[code]
    return Period.objects.filter(code=code).first() or saved(
        Period(
            plan=plan(),
            code=code,
            kind=kind,
            start=date(start, 1, 1),
            end=date(end, 12, 31),
            ordinal=list(PERIODS).index(code),
        )
    )


def focus_area(number: int = 0, *, branch: Office | None = None) -> FocusArea:
    """A focus area with its branch."""
    number = number or next(numbers)
    return saved(
        FocusArea(
            plan=plan(),
            number=number,
            code=f"FA{number}",
            branch=branch or office(),
            paragraphs="p.58",
        )
    )


def result(level: str = "focus_area", **fields: Any) -> Result:
    """A result on a level, with a focus area where the level needs one."""
    if level in {"focus_area", "accomplishment"}:
        fields.setdefault("focus_area", fields.pop("area", None) or focus_area())
    fields.setdefault("code", f"R{next(numbers)}")
    return saved(Result(plan=plan(), level=level, **fields))


def indicator(
    code: str = "", *, kind: str = "number", offices: Iterable[Office] = (), **fields: Any
) -> Indicator:
    """An indicator due every year, with the usual rules of its kind, assigned to some offices."""
    meaning, across_periods, across_places = RULES[kind]
    values: dict[str, Any] = {
        "entry_meaning": meaning,
        "period_rule": across_periods,
        "place_rule": across_places,
        "direction": "up",
        "frequency": "annual",
        "unit": say("units"),
        **fields,
    }
    values.setdefault("result", None)
    values["result"] = values["result"] or result()
    code = code or f"IN{next(numbers)}"
    made = saved(Indicator(code=code, kind=kind, title=say(f"Indicator {code}"), **values))
    for one in offices:
        assign(made, one)
    return made


def assign(measure: Indicator, to: Office, **years: int) -> Assignment:
    """This office reports on this indicator."""
    return saved(Assignment(indicator=measure, office=to, **years))


def option(measure: Indicator, code: str, rank: int) -> IndicatorOption:
    """An answer of a scale or milestone."""
    return saved(IndicatorOption(indicator=measure, code=code, label=say(code), rank=rank))


def axis(code: str, *categories: str) -> Axis:
    """An axis of disaggregation with its categories."""
    made = saved(Axis(code=code, label=say(code)))
    for ordinal, name in enumerate(categories):
        saved(Category(axis=made, code=name, label=say(name), ordinal=ordinal))
    return made


def baseline(measure: Indicator, value: str, *, year: int = 2013) -> Baseline:
    """Where measuring starts."""
    return saved(
        Baseline(indicator=measure, value=Decimal(value), year=year, source="Survey of 2013")
    )


def target(measure: Indicator, year: int, value: str, **fields: Any) -> Target:
    """What is to be reached by the end of a year."""
    fields.setdefault("decided_on", date(2013, 4, 19))
    return saved(Target(indicator=measure, year=year, value=Decimal(value), **fields))


def window(year: str = "2016", *, by: User | None = None, closed_by: User | None = None) -> Any:
    """A year that is open for entry, or was closed on 10 January 2017."""
    return saved(
        PeriodWindow(
            period=period(year),
            opened_at=datetime(2016, 12, 1, 8, 0, tzinfo=UTC),
            opened_by=by or closed_by or person(),
            due_on=DUE,
            closed_at=datetime(2017, 1, 10, 8, 0, tzinfo=UTC) if closed_by else None,
            closed_by=closed_by,
        )
    )


def submission(of: Office, year: str = "2016", *, state: str = "approved") -> Submission:
    """An office's submission in a state, with all that the state needs, each by another person."""
    steps = {
        "draft": (),
        "submitted": ("submitted",),
        "returned": ("submitted", "returned"),
        "approved": ("submitted", "approved"),
        "verified": ("submitted", "approved", "verified"),
    }[state]
    row = Submission(office=of, period=period(year), state=state)
    for days, step in enumerate(steps):
        setattr(row, f"{step}_at", NOW - timedelta(days=10 - days))
        setattr(row, f"{step}_by", person())
    row.return_note = "Please explain the second figure." if state == "returned" else ""
    return saved(row)


def figure(
    measure: Indicator, of: Office, year: str = "2016", value: str | None = None, **fields: Any
) -> Figure:
    """An office's figure for a year; decimals may be given as text."""
    for name in ("numerator", "denominator"):
        if name in fields:
            fields[name] = Decimal(fields[name])
    fields.setdefault("changed_at", NOW)
    number = None if value is None else Decimal(value)
    return saved(Figure(indicator=measure, office=of, period=period(year), value=number, **fields))


def evidence(measure: Indicator, of: Office, year: str = "2016") -> Evidence:
    """A note that shows where an entry comes from."""
    return saved(
        Evidence(
            indicator=measure,
            office=of,
            period=period(year),
            title="Report",
            note="Annual report of the city",
            added_at=NOW,
        )
    )


def upload(of: Office, year: str = "2016", *, by: User) -> Upload:
    """A file with figures that somebody sent and confirmed."""
    return saved(
        Upload(
            kind="figures",
            office=of,
            period=period(year),
            file_name="figures.xlsx",
            sha256="0" * 64,
            size=1,
            language="en",
            state="confirmed",
            made_at=NOW,
            made_by=by,
            confirmed_at=NOW,
        )
    )


def region(code: str = "africa", *, scheme: str = "un_habitat") -> Region:
    """A group of countries; the same one each time."""
    known = Region.objects.filter(code=code).first()
    return known or saved(Region(code=code, scheme=scheme, name=say(code)))


def country(iso3: str = "XAA", *, within: str = "africa") -> Country:
    """An invented country in a region; the same one each time."""
    known = Country.objects.filter(iso3=iso3).first()
    if known is None:
        known = saved(Country(iso3=iso3, name=say(f"Land {iso3}"), illustrative=True))
        known.regions.add(region(within))
    return known


def authority(name: str = "", *, type: str = "local", iso3: str = "XAA") -> Authority:
    """An entry of the register."""
    name = name or f"Town {next(numbers)}"
    return saved(Authority(name=name, match_key=name.lower(), type=type, country=country(iso3)))


def achievement(
    measure: Indicator, who: Authority, of: Office, year: str = "2016"
) -> Achievement:
    """What an authority put in place with an office's work."""
    return saved(
        Achievement(
            indicator=measure,
            authority=who,
            office=of,
            period=period(year),
            achieved_on=date(int(year), 6, 30),
            evidence="Gazette",
            added_at=NOW,
        )
    )


def series(code: str, *, measure: Indicator | None = None, weight: Series | None = None) -> Series:
    """A country series; one that belongs to an indicator needs a weight."""
    return saved(
        Series(
            code=code,
            indicator=measure,
            weight=weight,
            title=say(code),
            unit="per cent",
            custodian="Custodian",
            release="2016",
            licence="CC BY 4.0",
            source="Database",
        )
    )


def observation(of: Series, iso3: str, year: int, value: str) -> Observation:
    """A country's value for a year."""
    return saved(
        Observation(series=of, country=country(iso3), year=year, value=Decimal(value))
    )


@dataclass(frozen=True)
class House:
    """A branch and a regional office with their people, and the year 2016 open for entry."""

    branch: Office
    region: Office
    contributor: User
    approver: User
    second_approver: User
    regional: User
    officer: User
    administrator: User
    year: Period


def make_house() -> House:
    """The house in an empty database."""
    branch = office("BR1")
    regional_office = office("RO1", kind="regional")
    unit = office("QAU", kind="unit")
    people = {
        "contributor": person("Ana Contributor", contributor=branch),
        "approver": person("Bo Approver", approver=branch),
        "second_approver": person("Cy Approver", approver=branch),
        "regional": person("Di Regional", contributor=regional_office),
        "officer": person("Ed Officer", quality_assurance=unit),
        "administrator": person("Flo Administrator", administrator=unit),
    }
    window("2016", by=people["officer"])
    return House(branch=branch, region=regional_office, year=period("2016"), **people)
