"""The twelve who may stand at a door, and how a year may stand, in the small organization."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import factories
from django.test import Client

from indicators.models import (
    Achievement,
    Evidence,
    Figure,
    Indicator,
    PeriodException,
    PeriodWindow,
    Submission,
    Upload,
)
from indicators.services import uploads
from organization.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = {
    "edits": "report_editor",
    "evaluates": "evaluation_officer",
    "manages": "manager",
    "committee": "committee",
}
ACTORS = (
    "public", "enters", "enters-elsewhere", "approves", "approves-elsewhere", "assures",
    *ROLES, "administers", "disabled",
)  # fmt: skip
SIGNED_OUT = frozenset({"public", "disabled"})
STRANGERS = frozenset({"enters-elsewhere", "approves-elsewhere", "committee"})
"""They have no part in the office: for them it is as if it were not there."""

STATES = (
    "not opened", "open", "submitted", "returned", "approved", "verified", "closed", "exception",
)  # fmt: skip
ENTERED = frozenset({"open", "returned", "exception"})
"""The states in which an office may write."""


@dataclass(frozen=True)
class Place:
    """The branch in a year: a figure of 5, a count of one authority, evidence, and twelve people."""

    house: factories.House
    people: dict[str, User | None]
    number: Indicator
    count: Indicator
    figure: Figure
    achievement: Achievement
    piece: Evidence
    upload: Upload
    cookies: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        """A browser in which the actor is signed in, as far as that is possible."""
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie(self.cookies[actor])
        return client

    def sign_in(self) -> None:
        """Signs everybody in, once for all their browsers."""
        for actor, person in self.people.items():
            client = Client()
            if person:
                client.force_login(person, backend=BACKEND)
            self.cookies[actor] = {name: one.value for name, one in client.cookies.items()}


def people_of(house: factories.House) -> dict[str, User | None]:
    """Actor → person; nobody is signed in for the public."""
    disabled = factories.person("Una Disabled", contributor=house.branch)
    disabled.is_active = False
    disabled.save()
    others = {name: factories.person(**{role: house.region}) for name, role in ROLES.items()}
    return {
        "public": None,
        "enters": house.contributor,
        "enters-elsewhere": house.regional,
        "approves": house.approver,
        "approves-elsewhere": factories.person("Vi Elsewhere", approver=house.region),
        "assures": house.officer,
        **others,
        "administers": house.administrator,
        "disabled": disabled,
    }


def bring_to(state: str, house: factories.House) -> None:
    """Lets the branch's year of 2016 stand in a state. What was handed in, the contributor did."""
    if state == "not opened":
        PeriodWindow.objects.all().delete()
    if state in {"closed", "exception"}:
        at = datetime(2017, 1, 10, 8, 0, tzinfo=UTC)
        PeriodWindow.objects.update(closed_at=at, closed_by=house.officer)
    if state == "exception":
        PeriodException.objects.create(
            period=house.year, office=house.branch, reason="Flood", until=date(2099, 1, 1),
            granted_by=house.officer, granted_at=factories.NOW,
        )  # fmt: skip
    kept = state if state in {"submitted", "returned", "approved", "verified"} else "draft"
    made: Any = factories.submission(house.branch, state=kept)
    if kept != "draft":
        Submission.objects.filter(pk=made.pk).update(submitted_by=house.contributor)


def sent_while_open(house: factories.House) -> Upload:
    """A file with the figure 7 that the contributor sent and has not confirmed."""
    by: dict[str, Any] = {"by": house.contributor, "at": factories.NOW}
    sent = uploads.receive(
        kind="figures", office=house.branch, period=house.year, file_name="figures.csv",
        content=b"Code,Value\nFA1.1,7\n", language="en", **by,
    )  # fmt: skip
    return uploads.read(upload=sent, **by)


def place_in(state: str, furnish: Callable[[Place], None]) -> Place:
    """The branch with its people and data, its year in a state; `furnish` adds while it is open."""
    house = factories.make_house()
    number = factories.indicator("FA1.1", offices=[house.branch])
    count = factories.indicator("FA2.1", kind="count", offices=[house.branch])
    made = Place(
        house=house,
        people=people_of(house),
        number=number,
        count=count,
        figure=factories.figure(number, house.branch, "2016", "5"),
        achievement=factories.achievement(count, factories.authority("Alba"), house.branch),
        piece=factories.evidence(number, house.branch),
        upload=sent_while_open(house),
    )
    factories.evidence(count, house.branch)
    furnish(made)
    bring_to(state, house)
    made.sign_in()
    return made
