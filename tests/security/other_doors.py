"""The doors beside those of a figure: what they are sent, and who writes by them in which states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import factories
from actors import ACTORS, ENTERED, SIGNED_OUT, STATES, STRANGERS, Place
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.models import Authority, PeriodException, Remark, Submission, Upload
from indicators.services import upload_files, uploads

ALWAYS = frozenset(STATES)
COUNTS = frozenset({"approved", "verified"})
HANDED_IN = frozenset({"submitted", *COUNTS})
WINDOW_OPEN = ALWAYS - {"not opened", "closed", "exception"}
LATE = frozenset({"open", "returned"})
SIGNED_IN = [actor for actor in ACTORS if actor not in SIGNED_OUT]
OFFICE = "/en/offices/BR1/2016/"
FIGURE, COUNT = f"{OFFICE}FA1.1/", f"{OFFICE}FA2.1/"
API = "/api/v1/offices/BR1/2016/submission/"
KEPT_FILE = frozenset({"indicators_upload", "organization_auditentry"})

Sent = Callable[[Place], Mapping[str, Any]]
Writers = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Door:
    """Where it is, what it is sent, and who writes by it: actor → states of the year.

    `hidden`: strangers to the office are told that there is no such page. `leaves`: tables in which
    the writer's refused attempt leaves its own trace.
    """

    path: str
    sent: Sent
    writers: Writers
    hidden: bool = True
    leaves: frozenset[str] = field(default_factory=frozenset)
    json: bool = False
    prepare: Callable[[Place], Any] | None = None

    def enter(self, client: Any, place: Place, more: Mapping[str, Any] | None = None) -> Any:
        """Sends it, and what is slipped in with it; the answer."""
        path, sent = self.path.format(**names_of(place)), {**(more or {}), **self.sent(place)}
        kind = {"content_type": "application/json"} if self.json else {}
        return client.post(path, sent, **kind)

    def refusals(self, actor: str) -> set[int]:
        """The statuses that somebody is refused with who never writes here."""
        if actor in SIGNED_OUT:
            return {401} if self.json else {302}
        if actor in STRANGERS and self.hidden:
            return {404}
        return {403, 404}


def names_of(place: Place) -> dict[str, int]:
    """The numbers that addresses are made with."""
    return {
        "submission": Submission.objects.get(office=place.house.branch).pk,
        "achievement": place.achievement.pk,
        "piece": place.piece.pk,
        "authority": place.achievement.authority_id,
        **{row.kind: row.pk for row in Upload.objects.all()},
    }


def other_authority() -> int:
    """An entry of the register that nobody counts yet."""
    return Authority.objects.get(name="Bela").pk


def confirming(kind: str) -> Sent:
    """The button under a file that was sent before."""

    def sent(_place: Place) -> Mapping[str, Any]:
        row = Upload.objects.get(kind=kind)
        seen = upload_files.findings_of(row)["fingerprint"]
        return {"do": "confirm", "seen": seen}

    return sent


def saying(**sent: Any) -> Sent:
    """Always the same fields."""
    return lambda _place: sent


def by(*actors: str, when: frozenset[str] = ALWAYS) -> Writers:
    """These actors write in these states."""
    return dict.fromkeys(actors, when)


def new_file(text: str) -> Sent:
    """A file to be sent, made anew for each attempt."""
    return lambda _place: {"file": SimpleUploadedFile("t.csv", text.encode()), "language": "en"}


AUTHORITY_FILE = "Name of the authority,Type,Country or area\nCala,local,XAA\n"
ACHIEVEMENT_FILE = "Code,Authority,In place on,What shows it\nFA2.1,Bela,2016-05-01,Gazette\n"
TARGET_FILE = "Code,Year,Value,Decided on\nFA1.1,2018,12,2016-01-04\n"
BASELINE_FILE = "Code,Value,Year,Source\nFA1.1,2,2013,Survey\n"
FILES = {
    "achievements": (ACHIEVEMENT_FILE, "enters"),
    "authorities": (AUTHORITY_FILE, "enters"),
    "targets": (TARGET_FILE, "assures"),
    "baselines": (BASELINE_FILE, "assures"),
}


def furnish(place: Place) -> None:
    """What the doors need besides: a second authority, a question, files that wait."""
    factories.authority("Bela")
    factories.baseline(place.number, "1")
    of_year: dict[str, Any] = {"office": place.house.branch, "period": place.house.year}
    factories.saved(
        Remark(indicator=place.number, kind="query", text="Which list?", made_at=factories.NOW,
               made_by=place.house.officer, **of_year)
    )  # fmt: skip
    for kind, (text, actor) in FILES.items():
        where = of_year if kind == "achievements" else {"office": None, "period": None}
        sender: dict[str, Any] = {"by": place.people[actor], "at": factories.NOW}
        row = uploads.receive(
            kind=kind, file_name="t.csv", content=text.encode(), language="en", **where, **sender
        )
        uploads.read(upload=row, **sender)


def question(_place: Place) -> int:
    """The question of quality assurance."""
    return Remark.objects.get(text="Which list?").pk


ENTERS = by("enters", when=ENTERED)
TALKS = {"assures": ALWAYS, "enters": COUNTS, "approves": COUNTS}
CONTRIBUTORS = by("enters", "enters-elsewhere", "assures")
SHOWN = {"achieved_on": "2016-05-02", "evidence": "Gazette"}

DOORS: Mapping[str, Door] = {
    "add achievement": Door(
        f"{COUNT}achievements/", lambda _p: {"authority": other_authority(), **SHOWN}, ENTERS
    ),
    "register and add": Door(
        f"{COUNT}achievements/",
        lambda _p: {"register": "1", "name": "Cora", "type": "local",
                    "country": factories.country().pk, **SHOWN},
        ENTERS,
    ),
    "take achievement back": Door(
        f"{COUNT}achievements/", lambda p: {"remove": str(p.achievement.pk)}, ENTERS
    ),
    "change achievement": Door(
        f"{COUNT}achievements/{{achievement}}/", saying(**SHOWN), ENTERS
    ),
    "confirm achievements": Door(
        "/en/uploads/{achievements}/", confirming("achievements"), ENTERS, leaves=KEPT_FILE
    ),
    "add link": Door(
        f"{FIGURE}evidence/", saying(link="https://example.org/a", title="List"), ENTERS
    ),
    "add file": Door(
        f"{FIGURE}evidence/", lambda _p: {"file": SimpleUploadedFile("a.csv", b"Alba")}, ENTERS
    ),
    "retire evidence": Door(f"{FIGURE}evidence/{{piece}}/retire/", saying(reason="Old"), ENTERS),
    "submit": Door(f"{OFFICE}submit/", saying(), ENTERS),
    "submit by program": Door(API, saying(action="submit"), ENTERS, json=True),
    "withdraw": Door(
        f"{OFFICE}submit/", saying(withdraw="1"), by("enters", when=frozenset({"submitted"}))
    ),
    "withdraw by program": Door(
        API, saying(action="withdraw"), by("enters", when=frozenset({"submitted"})), json=True
    ),
    "return": Door(
        "/en/submissions/{submission}/", saying(do="return", note="Explain."),
        by("approves", when=frozenset({"submitted"})),
    ),
    "approve": Door(
        "/en/submissions/{submission}/", saying(do="approve"),
        by("approves", when=frozenset({"submitted"})),
    ),
    "approve several": Door(
        "/en/submissions/", lambda p: {"submission": f"{names_of(p)['submission']}:"},
        # The queue has rows of several offices: a foreign one is passed over, as if it were not.
        {"approves": frozenset({"submitted"}), "approves-elsewhere": frozenset()}, hidden=False,
    ),
    "verify": Door(
        "/en/submissions/{submission}/", saying(do="verify"),
        by("assures", when=frozenset({"approved"})),
        prepare=lambda _p: Remark.objects.all().delete(),  # an open question would forbid it
    ),
    "ask on a submission": Door(
        "/en/submissions/{submission}/", saying(**{"do": "ask", "note-FA1.1": "Which?"}), TALKS
    ),
    "ask": Door(f"{FIGURE}queries/", saying(do="ask", text="Which?"), TALKS),
    "answer": Door(
        f"{FIGURE}queries/",
        lambda p: {"do": "answer", "remark": question(p), "text": "The annex."},
        by("enters", "approves", "assures"),
    ),
    "settle": Door(
        f"{FIGURE}queries/", lambda p: {"do": "settle", "remark": question(p)}, by("assures")
    ),
    "correct figure": Door(
        f"{FIGURE}correct/", saying(value="9", reason="Miscounted", version="1"),
        by("assures", when=COUNTS),
    ),
    "correct by adding": Door(
        f"{COUNT}correct/",
        lambda _p: {"do": "add", "authority": other_authority(), "reason": "Left out", **SHOWN},
        by("assures", when=COUNTS),
    ),
    "correct by taking": Door(
        f"{COUNT}correct/",
        lambda p: {"do": "take", "achievement": p.achievement.pk, "reason": "Twice"},
        by("assures", when=COUNTS),
    ),
    "open year": Door(
        "/en/periods/2016/", saying(do="open", due_on="2099-01-01"), by("assures"), hidden=False
    ),
    "change due date": Door(
        "/en/periods/2016/", saying(do="due", due_on="2099-01-02"),
        by("assures", when=WINDOW_OPEN), hidden=False,
    ),
    "close year": Door(
        "/en/periods/2016/", saying(do="close", confirmed="1"),
        by("assures", when=WINDOW_OPEN), hidden=False,
    ),
    "let an office in": Door(
        "/en/periods/2016/",
        lambda p: {"do": "exception", "office": p.house.branch.pk, "reason": "Flood",
                   "until": "2099-01-01"},
        by("assures"), hidden=False,
    ),
    "end exception": Door(
        "/en/periods/2016/",
        lambda _p: {"do": "end", "exception": getattr(PeriodException.objects.first(), "pk", 0)},
        by("assures", when=frozenset({"exception"})), hidden=False,
    ),
    "remind of a year": Door(
        "/en/periods/2016/", saying(do="remind", remind="BR1/2016"),
        by("assures", when=LATE), hidden=False,
    ),
    "remind": Door(
        "/en/work/", saying(remind="BR1/2016"), by("assures", when=LATE), hidden=False
    ),
    "send authorities": Door(
        "/en/uploads/new/?kind=authorities", new_file(AUTHORITY_FILE), CONTRIBUTORS, hidden=False
    ),
    "send targets": Door(
        "/en/uploads/new/?kind=targets", new_file(TARGET_FILE), by("assures"), hidden=False
    ),
    "send baselines": Door(
        "/en/uploads/new/?kind=baselines", new_file(BASELINE_FILE), by("assures"), hidden=False
    ),
    "confirm authorities": Door(
        "/en/uploads/{authorities}/", confirming("authorities"), by("enters"), hidden=False
    ),
    "confirm targets": Door(
        "/en/uploads/{targets}/", confirming("targets"), by("assures"), hidden=False
    ),
    "confirm baselines": Door(
        "/en/uploads/{baselines}/", confirming("baselines"), by("assures"), hidden=False
    ),
    "name an authority": Door(
        "/en/authorities/{authority}/", saying(do="add-name", name="Alba Superior", language=""),
        CONTRIBUTORS, hidden=False,
    ),
    "correct an authority": Door(
        "/en/authorities/{authority}/",
        lambda _p: {"do": "correct", "name": "Alba Alta", "type": "local",
                    "country": factories.country().pk, "reason": "Misread"},
        by("assures"), hidden=False,
    ),
    "merge authorities": Door(
        "/en/authorities/{authority}/",
        lambda _p: {"do": "merge", "other": other_authority(), "reason": "Same"},
        by("assures"), hidden=False,
    ),
    "keep authorities apart": Door(
        "/en/authorities/{authority}/",
        lambda _p: {"do": "apart", "other": other_authority(), "reason": "Two"},
        by("assures"), hidden=False,
    ),
    "choose language": Door(
        "/en/account/", saying(language="fr", mail="digest"), by(*SIGNED_IN), hidden=False
    ),
    "make a key": Door(
        "/en/account/keys/", saying(name="Our program", expires_on="2027-01-01"),
        by(*SIGNED_IN), hidden=False,
    ),
}  # fmt: skip


def own_state(door: Door) -> str:
    """One state in which somebody writes by it."""
    return min(state for states in door.writers.values() for state in states)


def attempts(name: str, state: str) -> list[str]:
    """Who tries a door in a state: those who write in some state, and in one state everybody."""
    door = DOORS[name]
    return list(ACTORS) if state == own_state(door) else list(door.writers)


def is_alike_in_all(name: str, actor: str) -> bool:
    """True if the state of the year is nothing to the actor at this door."""
    return DOORS[name].writers.get(actor, frozenset()) in (ALWAYS, frozenset())
