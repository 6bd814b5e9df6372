"""What the demonstration is made of: its people, offices, years and invented authorities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from focus_areas.models import Period
from habitat_plan.kit.wording import Wording
from indicators.models import Achievement, Authority, Figure, Indicator, Submission
from indicators.rules.names import match_key
from organization.models import Country, Office, Role, User
from organization.services import people

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
    found.append(("evaluation", "Evaluation officer", Role.EVALUATION_OFFICER, "EVU"))
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


def register(countries: Sequence[Country]) -> dict[int, Authority]:
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


@dataclass(frozen=True)
class World:
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
