"""Who may do what, at every address and with every method (reliability check 1).

The same walk looks at what every answer carries (check 9), and at what reading leaves in the
database: nothing (check 10).

The table beside this file is data: a line is an address, a method and what each actor is answered.
An address without a line fails, and so does any answer that differs. After a change that is meant,
`MATRIX=write pytest tests/security/test_security_matrix.py` writes the table anew: read the
difference before you commit it.
"""

import os
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from answer_headers import NO_STORE_FREE, check_headers, check_not_kept
from django.db import transaction
from django.test import Client
from django.utils import timezone
from routes import ROUTES, read_out, sample_of
from tables import fingerprint_of_tables

from indicators.services.demonstration import DOMAIN
from organization.models import Office, User
from organization.services import people

TABLE = Path(__file__).with_name("matrix.txt")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", *UNSAFE)
# Short name in the table → who it is in the demonstration. Contributor and approver are those of
# the regional office that the sample addresses name; the other two are of other offices.
ACTORS = {
    "public": None,
    "enters": "roap.enter",
    "enters-elsewhere": "erd.enter",
    "approves": "roap.approve",
    "approves-elsewhere": "urcdb.approve",
    "assures": "qa",
    "edits": "editor",
    "evaluates": "evaluation",
    "manages": "manager",
    "committee": "committee",
    "administers": "administrator",
    "disabled": "disabled",
}
AWAY = {302, 401, 403, 404, 405}
STAFF_ONLY = (
    "work", "overview", "office-", "figure-", "evidence", "submission", "sign-off", "period",
    "access-keys", "account", "api:office-", "upload", "list-file", "authorit", "corrections",
    "queries", "readiness", "report-readiness", "report-assemble", "report-clear", "report-issue",
    "report-work", "report-draft", "report-section", "section-", "my-sections",
    "report-translation", "report-questions", "corrigendum", "corrections-issued", "committee",
    "question", "calendar-session", "calendar-report", "evaluation-new", "evaluation-edit",
    "evaluation-part", "evaluation-response", "recommendation-", "lesson-new", "lesson-change",
    "lesson-state", "coverage", "project", "plan-approve", "api:action",
)  # fmt: skip

# What management answers is never written by the unit, and what the unit finds never by others.
WRITERS_OF = {
    "evaluation-response": {"manages"},
    "recommendation-answer": {"manages"},
    "recommendation-action": {"manages"},
    "evaluation": {"evaluates"},
    "recommendation": {"evaluates"},
    "plan-approve": {"evaluates"},
    "project": {"evaluates", "assures"},
    "lesson-new": {"evaluates", "enters", "enters-elsewhere", "approves", "approves-elsewhere"},
    "lesson": {"evaluates"},
}


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest) -> str:
    """Each column of the table in turn."""
    return str(request.param)


@pytest.fixture
def person(site: dict[str, object], actor: str) -> User | None:
    """Who the column is; one is not in the demonstration and made here."""
    name = ACTORS[actor]
    if name == "disabled":
        by: dict[str, Any] = {"by": site["administrator"], "at": timezone.now()}
        made = people.register_person(
            email=f"{name}@{DOMAIN}", name=name, language="en", password="for tests only", **by
        )
        office, today = Office.objects.get(code="ROAP"), timezone.localdate()
        people.grant_role(user=made, role="contributor", office=office, since=today, **by)
        User.objects.filter(pk=made.pk).update(is_active=False)
    return User.objects.get(email=f"{name}@{DOMAIN}") if name else None


class Walker:
    """A person, or nobody, who asks every address; what each answer carries is looked at."""

    def __init__(self, site: dict[str, object], person: User | None) -> None:
        self.site, self.person = site, person
        self.client = Client(raise_request_exception=False)
        if person:
            self.client.force_login(person)
        self.signed_in = {name: cookie.value for name, cookie in self.client.cookies.items()}

    def ask(self, name: str, method: str) -> int:
        """The status of the answer."""
        self.client.cookies = SimpleCookie(self.signed_in)  # signing out took them away
        answer = read_out(self.client.generic(method, sample_of(name, self.site)))
        check_headers(answer)
        if self.person and name not in NO_STORE_FREE:
            check_not_kept(answer)
        return int(answer.status_code)

    def read(self) -> dict[str, int]:
        """`name GET` and the status, for every address. No row of the database differs afterwards."""
        before = fingerprint_of_tables()
        found = {f"{name} GET": self.ask(name, "GET") for name in ROUTES}
        after = fingerprint_of_tables()
        assert {table for table in before if before[table] != after[table]} == set()
        return found

    def write(self) -> Iterator[tuple[str, int]]:
        """The same for every method that may write; each request is taken back."""
        for name in ROUTES:
            for method in UNSAFE:
                with transaction.atomic():
                    status = self.ask(name, method)
                    transaction.set_rollback(True)
                yield f"{name} {method}", status


def answers(site: dict[str, object], person: User | None) -> dict[str, int]:
    """`name METHOD` and the status, for every address and method, in the order of the table."""
    walker = Walker(site, person)
    found = walker.read() | dict(walker.write())
    return {f"{name} {method}": found[f"{name} {method}"] for name in sorted(ROUTES) for method in METHODS}


def table() -> dict[str, dict[str, int]]:
    """`name METHOD` → actor → status."""
    heading, *lines = TABLE.read_text().splitlines()
    actors = heading.split()[2:]
    rows = (line.split() for line in lines if line.strip())
    return {
        f"{name} {method}": dict(zip(actors, map(int, given), strict=True))
        for name, method, *given in rows
    }


def write(actor: str, found: dict[str, int]) -> None:
    """Puts one actor's column into the table."""
    known = table() if TABLE.exists() else {}
    rows = {key: known.get(key, {}) | {actor: status} for key, status in found.items()}
    lines = [" ".join(("address", "method", *ACTORS))]
    lines += [" ".join((key, *(str(row.get(a, 0)) for a in ACTORS))) for key, row in rows.items()]
    TABLE.write_text("\n".join(lines) + "\n")


@pytest.mark.drill
def test_every_address_answers_each_actor_as_the_table_says(actor, person, site, tell):
    found = answers(site, person)
    if os.environ.get("MATRIX") == "write":
        write(actor, found)
    assert found == {key: row[actor] for key, row in table().items()}
    read = {key.removesuffix(" GET"): status for key, status in found.items() if key.endswith(" GET")}
    assert {name: status for name, status in read.items() if status not in ROUTES[name].statuses} == {}
    tell(f"check 01: {actor}: {len(found)} addresses and methods, 0 deviations")


class TestTheTable:
    """What must be true of it, whoever wrote it."""

    @pytest.fixture
    def rows(self) -> dict[str, dict[str, int]]:
        return table()

    def test_lets_nobody_without_a_sign_in_see_the_staff_s_pages(self, rows):
        for key, row in rows.items():
            if key.startswith(STAFF_ONLY):
                assert row["public"] in AWAY, key
                assert row["disabled"] in AWAY, key

    def test_hides_an_office_from_those_who_have_no_part_in_it(self, rows):
        for key, row in rows.items():
            if key.startswith(("office-", "api:office-")):
                for actor in ("enters-elsewhere", "approves-elsewhere", "committee"):
                    assert row[actor] in {403, 404, 405}, (key, actor)

    def test_lets_nobody_write_who_only_reads(self, rows):
        for key, row in rows.items():
            name, method = key.split()
            if method == "POST" and name.startswith(
                ("office-", "figure-", "evidence-", "period", "submission", "upload", "authorit")
            ):
                for actor in ("edits", "evaluates", "manages", "administers", "committee"):
                    assert row[actor] in {302, 403, 404, 405}, (key, actor)
                    assert row[actor] != 302 or name == "sign-out", (key, actor)

    def test_refuses_before_it_reads_what_was_sent(self, rows):
        # The sample submission is that of the office in which `approves-elsewhere` approves.
        writers = {"enters", "enters-elsewhere", "assures", "approves", "approves-elsewhere", "edits"}
        for key, row in rows.items():
            told = {actor for actor, status in row.items() if status in {400, 409, 422}}
            if key == "report-questions POST":
                assert told == {"committee"}
            elif of := next((one for one in WRITERS_OF if key.startswith(one)), None):
                assert told <= WRITERS_OF[of], (key, told)
            elif not key.startswith(("account", "access-keys", "sign-in")):
                assert told <= writers, (key, told)

    def test_serves_no_file_of_an_office_to_strangers(self, rows):
        for key in ("evidence-file GET", "upload GET", "upload-errors GET", "office-workbook GET"):
            for actor in ("public", "disabled", "enters-elsewhere", "approves-elsewhere", "committee"):
                assert rows[key][actor] in {302, 404}, (key, actor)

    def test_never_fails(self, rows):
        assert not [key for key, row in rows.items() for status in row.values() if status >= 500]

    def test_treats_a_disabled_person_as_the_public(self, rows):
        assert [key for key, row in rows.items() if row["disabled"] != row["public"]] == []
