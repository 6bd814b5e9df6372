"""Demonstration data: people, counts and figures that are plainly invented and say so.

Real figures that the plan's sources publish (markers, evaluated share) are entered with their
source. Everything else carries `illustrative=True`; authorities are invented and lie in invented
countries. Written in bulk, in one transaction, with audit entries; loading again changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from focus_areas.models import Period, PlanRevision
from habitat_plan.kit.wording import Wording
from indicators.models import (
    Achievement,
    Assignment,
    Authority,
    Baseline,
    Evidence,
    Figure,
    Indicator,
    PeriodWindow,
    Submission,
    Target,
)
from indicators.services.authorities import match_key
from indicators.services.load import definitions
from organization.models import Country, Office, Role, User
from organization.services import audit, people

DOMAIN = "demo.example.org"
SOURCE = "Demonstration figure, invented"
YEARS = (2013, 2014, 2015, 2016, 2017)
# Authorities to date at the end of 2013 to 2017, and targets for 2015, 2017 and 2019.
COUNTS: Mapping[str, tuple[tuple[int, ...], tuple[int, int, int]]] = {
    "FA1.1": ((30, 38, 47, 55, 64), (46, 62, 80)),
    "FA2.1": ((42, 49, 61, 74, 86), (63, 87, 110)),
    "FA3.1": ((18, 22, 27, 31, 33), (32, 46, 60)),
    "FA4.1": ((25, 33, 44, 57, 76), (41, 58, 75)),
    "FA5.1": ((20, 25, 31, 38, 45), (32, 44, 56)),
    "FA6.1": ((12, 12, 12, 13, 13), (24, 36, 48)),
    "FA7.1": ((35, 42, 50, 58, 66), (52, 69, 90)),
    "EA1.a.1": ((0, 0, 0, 6, 14), (0, 12, 0)),
    "EA5.a.1": ((0, 0, 0, 4, 9), (0, 10, 0)),
}
FIRST_TARGETS = {"FA2.1": 120}
REGIONAL = ("ROAF", "ROAS", "ROAP", "ROLAC")
REGISTER_SIZE = 150
SHARED_EVERY = 6
SLOW_OFFICE = "ROAP"  # its 2017 figures were returned
WAITING_OFFICE = "URCDB"  # its 2017 figures wait for approval
OPEN_OFFICE = "ERD"  # still entering 2017
STATES_2017 = {
    SLOW_OFFICE: Submission.State.RETURNED,
    WAITING_OFFICE: Submission.State.SUBMITTED,
    OPEN_OFFICE: Submission.State.DRAFT,
}
# Code → office → year → value, or (numerator, denominator), or choice.
Value = Decimal | tuple[Decimal, Decimal] | str


@dataclass(frozen=True)
class People:
    """The demonstration's people by the name before the @ of their address."""

    by_name: Mapping[str, User]

    def __getitem__(self, name: str) -> User:
        return self.by_name[name]


def roles() -> list[tuple[str, str, str, str]]:
    """Who there is: (name before the @, shown name, role, office)."""
    found = [
        ("qa", "Quality assurance officer", Role.QUALITY_ASSURANCE, "QAU"),
        ("editor", "Report editor", Role.REPORT_EDITOR, "QAU"),
        ("manager", "Executive Director's office", Role.MANAGER, "OED"),
        ("committee", "Permanent mission", Role.COMMITTEE, "MISSION"),
        ("administrator", "Administrator", Role.ADMINISTRATOR, "MOD"),
    ]
    kinds = [Office.Kind.BRANCH, Office.Kind.REGIONAL]
    reporting = Office.objects.filter(kind__in=kinds).values_list("code", flat=True)
    for code in [*reporting, "PO", "EVU", "OED", "PD", "ERD", "MOD"]:
        lower = code.lower()
        found.append((f"{lower}.enter", f"Programme officer, {code}", Role.CONTRIBUTOR, code))
        found.append((f"{lower}.approve", f"Head, {code}", Role.APPROVER, code))
    return [(name, shown, str(role), office) for name, shown, role, office in found]


def make_people(*, password: str, at: datetime) -> People:
    """Registers the demonstration's people and gives each one role."""
    Office.objects.get_or_create(
        code="MISSION",
        defaults={
            "kind": Office.Kind.MISSION,
            "name": Wording.of(
                en="Permanent mission (demonstration)",
                zh="常驻代表团（演示）",
                fr="Mission permanente (démonstration)",
                es="Misión permanente (demostración)",
                ar="بعثة دائمة (عرض توضيحي)",
                ru="Постоянное представительство (демонстрация)",
            ),
            "ordinal": 900,
        },
    )
    offices = {office.code: office for office in Office.objects.all()}
    users = {user.email: user for user in User.objects.filter(email__endswith=DOMAIN)}
    # Hashed once: doing it for each person is most of the time that the demonstration takes.
    encoded = make_password(password)
    found = {}
    for name, shown, role, office in roles():
        email = f"{name}@{DOMAIN}"
        user = users.get(email) or people.register_person(
            email=email, name=shown, encoded_password=encoded, language="en", by=None, at=at
        )
        if email not in users:
            people.grant_role(
                user=user, role=role, office=offices[office], since=at.date(), by=None, at=at
            )
        found[name] = user
    return People(found)


def _register(countries: Sequence[Country]) -> dict[int, Authority]:
    """Invented authorities, numbered; number modulo four gives the country."""
    types = (
        Authority.Type.LOCAL,
        Authority.Type.LOCAL,
        Authority.Type.LOCAL,
        Authority.Type.SUBNATIONAL,
        Authority.Type.NATIONAL,
    )
    words = {
        Authority.Type.LOCAL: "Invented municipality",
        Authority.Type.SUBNATIONAL: "Invented province",
        Authority.Type.NATIONAL: "Invented ministry",
    }
    rows = []
    for number in range(REGISTER_SIZE):
        kind = types[(number // len(countries)) % len(types)]
        name = f"{words[kind]} {number + 1:03d}"
        rows.append(
            Authority(
                name=name,
                match_key=match_key(name),
                type=kind,
                country=countries[number % len(countries)],
                illustrative=True,
            )
        )
    Authority.objects.bulk_create(rows)
    return dict(enumerate(rows))


def _claims(number: int, order: int, year: int, branch: str) -> Iterator[str]:
    """Which offices report the order-th authority: the branch, its regional office, or both.

    In 2017 the slow office reports nothing alone, so that approved counts are those of `COUNTS`.
    """
    regional = REGIONAL[number % len(REGIONAL)]
    alone = order % 3 == 1 and not (year == YEARS[-1] and regional == SLOW_OFFICE)
    if not alone:
        yield branch
    if alone or order % SHARED_EVERY == 0:
        yield regional


def _achievements(
    indicator: Indicator,
    branch: str,
    counts: Sequence[int],
    world: "_World",
) -> Iterator[Achievement]:
    offset = 17 * indicator.ordinal
    for order in range(counts[-1]):
        year = next(year for year, count in zip(YEARS, counts, strict=True) if order < count)
        number = (offset + order) % REGISTER_SIZE
        for office in _claims(number, order, year, branch):
            yield world.achievement(indicator, number, office, year, order)
    # Reported by the slow office and not approved: must not show in any total.
    if indicator.code.startswith("FA"):
        extra = 12 if indicator.code == "FA6.1" else 2
        free = [n for n in range(REGISTER_SIZE) if n % len(REGIONAL) == REGIONAL.index(SLOW_OFFICE)]
        used = {(offset + order) % REGISTER_SIZE for order in range(counts[-1])}
        for number in [n for n in free if n not in used][:extra]:
            yield world.achievement(indicator, number, SLOW_OFFICE, YEARS[-1], number)


@dataclass(frozen=True)
class _World:
    """What the demonstration is made of."""

    offices: Mapping[str, Office]
    periods: Mapping[int, Period]
    register: Mapping[int, Authority]
    people: People
    at: datetime

    def achievement(
        self, indicator: Indicator, number: int, office: str, year: int, order: int
    ) -> Achievement:
        """One invented achievement."""
        return Achievement(
            indicator=indicator,
            authority=self.register[number],
            office=self.offices[office],
            period=self.periods[year],
            achieved_on=date(year, 1 + order % 12, 1 + order % 28),
            evidence="Invented for demonstration",
            illustrative=True,
            added_at=self.at,
            added_by=self.people[f"{office.lower()}.enter"],
        )

    def figure(self, indicator: Indicator, office: str, year: int, value: Value) -> Figure:
        """One invented figure."""
        pair = value if isinstance(value, tuple) else (None, None)
        return Figure(
            indicator=indicator,
            office=self.offices[office],
            period=self.periods[year],
            value=value if isinstance(value, Decimal) else None,
            numerator=pair[0],
            denominator=pair[1],
            choice=value if isinstance(value, str) else "",
            source=SOURCE,
            illustrative=True,
            changed_at=self.at,
            changed_by=self.people[f"{office.lower()}.enter"],
        )


def _values(indicator: Indicator, office: str, place: int) -> Iterator[tuple[int, Value]]:
    """Invented figures of one office for the years it reports, by kind of indicator."""
    kind, code = indicator.kind, indicator.code
    years = (2015, 2017) if indicator.frequency == Indicator.Frequency.BIENNIAL else (2016, 2017)
    if kind == Indicator.Kind.RATIO and code.startswith("LS"):
        yield 2015, (Decimal(84), Decimal(210))
        yield 2017, (Decimal(117), Decimal(234))
    elif kind == Indicator.Kind.RATIO:
        for year in years:
            asked = 10 + 2 * place + (year - years[0])
            yield year, (Decimal(asked - 2 - place % 3), Decimal(asked))
    elif kind == Indicator.Kind.YES_NO:
        yield from ((years[0], "no"), (years[1], "yes"))
    elif kind == Indicator.Kind.MILESTONE:
        yield from ((years[0], "drafted"), (years[1], "adopted"))
    elif code == "LS2.1":
        yield from ((2015, Decimal("6.5")), (2017, Decimal("11.2")))
    elif code.startswith("LS"):
        yield from ((2015, Decimal(9)), (2017, Decimal(14)))
    elif indicator.entry_meaning == Indicator.EntryMeaning.TO_DATE:
        yield from ((years[0], Decimal(6 + place)), (years[1], Decimal(9 + 2 * place)))
    else:
        yield from ((years[0], Decimal(40 + 10 * place)), (years[1], Decimal(48 + 11 * place)))


def _figures(world: _World) -> Iterator[Figure]:
    assignments = Assignment.objects.select_related("indicator", "office").order_by(
        "indicator__ordinal", "office__ordinal"
    )
    place: dict[int, int] = {}
    for assignment in assignments:
        indicator, office = assignment.indicator, assignment.office.code
        place[indicator.pk] = place.get(indicator.pk, -1) + 1
        if indicator.kind == Indicator.Kind.COUNT or indicator.code in {"MK.1", "EV.1"}:
            continue
        for year, value in _values(indicator, office, place[indicator.pk]):
            if year == YEARS[-1] and office == OPEN_OFFICE:
                continue
            yield world.figure(indicator, office, year, value)


def _published(fixtures: Path, world: _World) -> Iterator[Figure | Target | Baseline]:
    """Figures that UN-Habitat published, with their source: not illustrative."""
    by_code = {i.code: i for i in Indicator.objects.select_related("responsible_office")}
    for raw in definitions(fixtures / "plan"):
        indicator = by_code[raw["code"]]
        first = True
        for value in raw.get("published_values") or []:
            number, source = Decimal(value["value"]), value["source"]
            if value["kind"] == "target":
                yield Target(
                    indicator=indicator,
                    year=value["year"],
                    value=number,
                    source=source,
                    decided_on=date(2016, 1, 1),
                )
                continue
            office = indicator.responsible_office
            if office is None:
                continue
            if first and raw["code"] == "MK.1":
                yield Baseline(indicator=indicator, value=number, year=value["year"], source=source)
            first = False
            if value["year"] > YEARS[-1]:
                continue
            yield Figure(
                indicator=indicator,
                office=office,
                period=world.periods[value["year"]],
                value=number,
                source=source,
                changed_at=world.at,
                changed_by=world.people[f"{office.code.lower()}.enter"],
            )


def _targets(world: _World) -> Iterator[Baseline | Target]:
    """Invented baselines and targets of counts, and of the lead and support functions."""
    indicators = {i.code: i for i in Indicator.objects.all()}
    revision = PlanRevision.objects.get(code="2017")
    for code, (counts, targets) in COUNTS.items():
        indicator = indicators[code]
        yield Baseline(
            indicator=indicator, value=counts[0], year=2013, source=SOURCE, illustrative=True
        )
        for year, value in zip((2015, 2017, 2019), targets, strict=True):
            if not value:
                continue
            first = FIRST_TARGETS.get(code) if year == targets_end(targets) else None
            yield _target(indicator, year, Decimal(first or value), version=1)
            if first:
                revised = _target(indicator, year, Decimal(value), version=2)
                revised.reason = "Fewer countries asked for support than was foreseen"
                revised.decision = "Demonstration decision, invented"
                revised.revision = revision
                revised.decided_on = date(2017, 2, 20)
                yield revised
    support = (("LS1.1", 6, 20), ("LS2.1", 0, 15), ("LS3.1", 40, 60), ("LS4.1", 5, 20))
    for code, start, end in support:
        yield Baseline(
            indicator=indicators[code], value=start, year=2013, source=SOURCE, illustrative=True
        )
        yield _target(indicators[code], 2019, Decimal(end), version=1)


def targets_end(targets: Sequence[int]) -> int:
    """The year of the last target."""
    return 2019 if targets[-1] else 2017


def _target(indicator: Indicator, year: int, value: Decimal, *, version: int) -> Target:
    return Target(
        indicator=indicator,
        year=year,
        version=version,
        value=value,
        decided_on=date(2013, 12, 31),
        source=SOURCE,
        illustrative=True,
    )


def _office_targets(world: _World) -> Iterator[Target]:
    """Invented targets of single offices for 2017, so that the entry page shows them."""
    wanted = Assignment.objects.filter(
        indicator__code__in=["EA2.b.1", "EA3.a.1", "EA4.a.1", "EA6.a.1", "EA6.b.1", "EA7.a.1"]
    ).select_related("indicator", "office")
    for assignment in wanted.order_by("indicator__ordinal", "office__ordinal"):
        target = _target(assignment.indicator, 2017, Decimal(80), version=1)
        if assignment.indicator.kind != Indicator.Kind.RATIO:
            target.value = Decimal(10 if "to_date" in assignment.indicator.entry_meaning else 60)
        target.office = assignment.office
        yield target


def _submissions(world: _World) -> Iterator[Submission]:
    """Every office's submission for each year: approved, but for three offices in 2017."""
    reporting = Office.objects.filter(indicators__isnull=False).distinct().order_by("ordinal")
    for office in reporting:
        enter = world.people[f"{office.code.lower()}.enter"]
        approve = world.people[f"{office.code.lower()}.approve"]
        for year in YEARS:
            state = STATES_2017.get(office.code) if year == YEARS[-1] else None
            submission = Submission(
                office=office,
                period=world.periods[year],
                state=state or Submission.State.APPROVED,
            )
            if submission.state == Submission.State.DRAFT:
                yield submission
                continue
            submission.submitted_at = world.at - timedelta(days=9)
            submission.submitted_by = enter
            if submission.state == Submission.State.RETURNED:
                submission.returned_at = world.at - timedelta(days=2)
                submission.returned_by = approve
                submission.return_note = (
                    "Twelve achievements for FA6.1 have no decree or council decision behind them. "
                    "Add the evidence or take them back."
                )
            elif submission.state == Submission.State.APPROVED:
                submission.approved_at = world.at - timedelta(days=4)
                submission.approved_by = approve
            yield submission


def _windows(world: _World) -> Iterator[PeriodWindow]:
    """Years to 2016 are closed; 2017 is open, due in two weeks."""
    officer = world.people["qa"]
    for year in YEARS:
        closed = year < YEARS[-1]
        yield PeriodWindow(
            period=world.periods[year],
            opened_at=world.at - timedelta(days=30),
            opened_by=officer,
            due_on=(world.at + timedelta(days=14)).date(),
            closed_at=world.at - timedelta(days=1) if closed else None,
            closed_by=officer if closed else None,
        )


def _evidence(figures: Sequence[Figure], world: _World) -> Iterator[Evidence]:
    for figure in figures:
        if figure.office.code != SLOW_OFFICE:
            yield Evidence(
                indicator=figure.indicator,
                office=figure.office,
                period=figure.period,
                title="Office file, invented for demonstration",
                note="Invented for demonstration",
                added_at=world.at,
                added_by=figure.changed_by,
            )


@transaction.atomic
def load_demonstration(*, fixtures: Path, password: str, at: datetime) -> bool:
    """Loads the demonstration once; False if it is there already."""
    found = make_people(password=password, at=at)
    if PeriodWindow.objects.exists():
        return False
    countries = list(Country.objects.filter(illustrative=True).order_by("iso3"))
    world = _World(
        offices={office.code: office for office in Office.objects.all()},
        periods={p.year: p for p in Period.objects.filter(kind__in=["year", "baseline"])},
        register=_register(countries),
        people=found,
        at=at,
    )
    published = list(_published(fixtures, world))
    rows = [*_targets(world), *_office_targets(world), *published]
    Baseline.objects.bulk_create([row for row in rows if isinstance(row, Baseline)])
    Target.objects.bulk_create([row for row in rows if isinstance(row, Target)])
    PeriodWindow.objects.bulk_create(_windows(world))
    submissions = Submission.objects.bulk_create(_submissions(world))
    figures = Figure.objects.bulk_create(
        [*_figures(world), *(row for row in published if isinstance(row, Figure))]
    )
    Evidence.objects.bulk_create(_evidence(figures, world))
    achievements = [
        achievement
        for indicator in Indicator.objects.filter(code__in=COUNTS).select_related(
            "responsible_office"
        )
        if indicator.responsible_office
        for achievement in _achievements(
            indicator, indicator.responsible_office.code, COUNTS[indicator.code][0], world
        )
    ]
    Achievement.objects.bulk_create(achievements)
    _record(figures, submissions, len(achievements), world)
    return True


def _record(
    figures: Sequence[Figure], submissions: Sequence[Submission], achievements: int, world: _World
) -> None:
    """One audit entry a figure and submission, and one for the register."""
    changes = [
        audit.Change(
            "enter figure",
            figure,
            {
                name: (None, getattr(figure, name))
                for name in ("value", "numerator", "denominator", "choice")
                if getattr(figure, name) not in (None, "")
            },
            reason=figure.source,
            office=figure.office,
        )
        for figure in figures
    ]
    changes += [
        audit.Change(
            "load submission", one, {"state": (None, one.state)}, reason=SOURCE, office=one.office
        )
        for one in submissions
    ]
    changes.append(
        audit.Change(
            "load demonstration",
            world.periods[YEARS[-1]],
            {"achievements": (0, achievements), "authorities": (0, len(world.register))},
            reason=SOURCE,
        )
    )
    audit.record_all(changes=changes, by=None, at=world.at)
