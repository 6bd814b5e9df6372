"""Requests with codes and numbers in them, and the things of another office to put there."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import factories
from actors import Place
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from routes import read_out

from indicators.models import (
    Achievement,
    Evidence,
    Figure,
    FigurePart,
    PeriodException,
    Remark,
    Submission,
    Upload,
)
from indicators.services import evidence, uploads
from organization.models import AccessKey, User
from organization.services import access_keys

SLOT = re.compile(r"{(\w+)}")
OWN_OF_OFFICE = (Figure, Achievement, Evidence, Submission, Upload, Remark, PeriodException)
Things = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Request:
    """A method, an address and what is sent, with names of things in braces."""

    method: str
    path: str
    sent: Mapping[str, str] | None = None
    file: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of things in it, each once."""
        texts = (self.path, self.file, *(self.sent or {}), *(self.sent or {}).values())
        return tuple(dict.fromkeys(name for text in texts for name in SLOT.findall(text)))

    def ask(self, client: Client, things: Mapping[str, str]) -> Any:
        """Sends it with these things and reads the answer to its end, over redirects."""
        fill = {f"{{{name}}}": thing for name, thing in things.items()}

        def filled(text: str) -> str:
            return SLOT.sub(lambda found: fill[found[0]], text)

        sent: Any = {filled(name): filled(text) for name, text in (self.sent or {}).items()}
        if self.file:
            sent |= {"file": SimpleUploadedFile("t.csv", filled(self.file).encode())}
        more: dict[str, Any] = {"follow": True}
        if self.path.startswith("/api/"):
            sent, more["content_type"] = json.dumps(sent), "application/json"
        if self.method in {"GET", "HEAD"}:
            sent, more = {}, {"follow": True}
        send = getattr(client, self.method.lower())
        return read_out(send(filled(self.path), sent or None, **more))


YEAR, API = "/en/offices/{office}/2016/", "/api/v1/offices/{office}/2016/"
FIGURE, COUNT = f"{YEAR}{{indicator}}/", f"{YEAR}{{count}}/achievements/"
PIECE = f"{FIGURE}evidence/{{piece}}/"
SUBMISSION, UPLOAD = "/en/submissions/{submission}/", "/en/uploads/{upload}/"
SEND = {"language": "en"}
DAY = {"achieved_on": "2016-05-01", "evidence": "Gazette"}
READ = (
    YEAR, f"{YEAR}?show=open", f"{YEAR}preview/", f"{YEAR}rows/?code={{indicator}}", FIGURE,
    f"{FIGURE}?part=panel", f"{FIGURE}history/", f"{FIGURE}queries/", f"{FIGURE}correct/",
    f"{FIGURE}evidence/", PIECE, COUNT, f"{COUNT}?q=Alba", f"{COUNT}{{achievement}}/",
    "/en/offices/{office}/2016.xlsx", "/en/offices/{office}/2016.csv",
    SUBMISSION, f"{SUBMISSION}sign-off.pdf", UPLOAD, f"{UPLOAD}progress/", f"{UPLOAD}errors/",
    "/en/uploads/new/?kind=figures&office={office}&period=2016",
    "/en/uploads/new/?kind=achievements&office={office}&period=2016",
    "/en/evidence/?office={office}&year=2016", "/en/corrections/?office={office}",
    "/en/queries/?office={office}", "/en/work/?office={office}", "/en/overview/?office={office}",
    "/en/authorities/suggest/?q=Al&office={office}&indicator={count}",
    API, f"{API}{{indicator}}/",
)  # fmt: skip
REQUESTS = (
    *(Request("GET", path) for path in READ),
    *(Request("HEAD", path) for path in (YEAR, PIECE, SUBMISSION, UPLOAD)),
    Request("POST", YEAR, {"{indicator}-value": "7", "{indicator}-seen": ""}),
    Request("POST", f"{YEAR}submit/", {"{indicator}-value": "7"}),
    Request("POST", f"{YEAR}submit/", {"withdraw": "1"}),
    Request("POST", FIGURE, {"value": "7"}),
    Request("POST", f"{FIGURE}cell/", {"value": "7"}),
    Request("POST", f"{FIGURE}queries/", {"do": "ask", "text": "Which?"}),
    Request("POST", f"{FIGURE}queries/", {"do": "answer", "remark": "{remark}", "text": "This."}),
    Request("POST", f"{FIGURE}queries/", {"do": "settle", "remark": "{remark}"}),
    Request("POST", f"{FIGURE}correct/", {"value": "7", "reason": "Wrong"}),
    Request("POST", f"{FIGURE}evidence/", {"link": "https://example.org/a"}),
    Request("POST", f"{FIGURE}evidence/", {"note": "A", "achievement": "{achievement}"}),
    Request("POST", f"{YEAR}{{count}}/evidence/", {"note": "A", "achievement": "{achievement}"}),
    Request("POST", f"{PIECE}retire/", {"reason": "Old"}),
    Request("POST", COUNT, {"authority": "{authority}", **DAY}),
    Request("POST", COUNT, {"remove": "{achievement}"}),
    Request("POST", f"{COUNT}{{achievement}}/", DAY),
    Request("POST", SUBMISSION, {"do": "return", "note": "Explain.", "note-{indicator}": "Why?"}),
    Request("POST", SUBMISSION, {"do": "approve"}),
    Request("POST", SUBMISSION, {"do": "ask", "note-{indicator}": "Why?"}),
    Request("POST", "/en/submissions/", {"submission": "{submission}:"}),
    Request("POST", "/en/work/", {"remind": "{office}/2016"}),
    *(Request("POST", UPLOAD, {"do": do, "seen": "0"}) for do in
      ("confirm", "right", "discard", "stop", "again")),
    Request("POST", "/en/uploads/new/?kind=figures&office={office}&period=2016", SEND,
            "Code,Value\nFA1.1,7\n"),  # which codes there are is public
    Request("POST", "/en/uploads/new/?kind=achievements&office={office}&period=2016", SEND,
            "Code,Authority,In place on,What shows it\nFA2.1,Alba,2016-05-01,Gazette\n"),
    Request("POST", "/en/account/keys/", {"revoke": "{key}"}),
    Request("PUT", f"{API}{{indicator}}/", {"value": "7"}),
    Request("POST", f"{API}submission/", {"action": "submit"}),
    Request("POST", f"{API}submission/", {"action": "withdraw"}),
)  # fmt: skip


def things_of(place: Place, person: User, office: Any, number: Any, count: Any) -> Things:
    """What an office has for 2016: one of each sort, and a key and files of one of its people."""
    of_year: dict[str, Any] = {"office": office, "period": place.house.year}
    by: dict[str, Any] = {"by": person, "at": factories.NOW}
    known = factories.authority(f"Town of {office.code}")
    achieved = factories.achievement(count, known, office)
    note = factories.evidence(number, office)
    file = evidence.add_file(
        indicator=number, name="towns.csv", content=b"Alba", title="", note="", **of_year, **by
    )
    sent = uploads.receive(
        kind="figures", file_name="t.csv", content=f"Code,Value\n{number.code},7\n".encode(),
        language="en", **of_year, **by,
    )  # fmt: skip
    uploads.read(upload=sent, **by)
    remark = factories.saved(
        Remark(indicator=number, kind="query", text="Which list?", made_at=factories.NOW,
               made_by=place.house.officer, **of_year)
    )  # fmt: skip
    now = timezone.now()
    key, _text = access_keys.make_key(
        name="Program", expires_on=timezone.localdate(now), by=person, at=now
    )
    Submission.objects.filter(**of_year).delete()  # the draft that came with the evidence
    submission = factories.submission(office, state="submitted")
    return {
        "office": [office.code],
        "indicator": [number.code, count.code],
        "count": [count.code],
        "submission": [str(submission.pk)],
        "achievement": [str(achieved.pk)],
        "authority": [str(known.pk)],
        "piece": [str(note.pk), str(file.pk)],
        "upload": [str(sent.pk)],
        "remark": [str(remark.pk)],
        "key": [str(key.pk)],
    }


def never_was(slot: str, dice: Random) -> str:
    """A code or number that no thing of this sort ever had."""
    if slot in {"office", "indicator", "count"}:
        return "Z" + "".join(dice.choices("QWXYZ", k=dice.randint(3, 5)))
    return str(dice.randint(10**6, 10**8))


# Tokens are new each time; the mark of a preview is made from what was typed.
TOKENS = re.compile(
    rb'(name="(csrfmiddlewaretoken|seen)" value=|"X-CSRFToken": |"token": ?)"[^"]*"'
)


def masked(response: Any, typed: Sequence[str]) -> tuple[int, bytes, tuple[Any, ...]]:
    """Status, body and way of an answer, without tokens and without what was typed."""
    words = rb"\b(" + b"|".join(re.escape(text.encode()) for text in typed) + rb")\b"
    body = re.sub(words, b"*", TOKENS.sub(b"", response.getvalue()))
    way = re.sub(words, b"*", repr(getattr(response, "redirect_chain", ())).encode())
    return response.status_code, re.sub(rb"/uploads/\d+", b"/uploads/*", body), (way,)


def rows_of(office: Any) -> str:
    """Everything that an office holds, as text."""
    rows = [list(model.objects.filter(office=office).order_by("pk").values()) for model in OWN_OF_OFFICE]
    parts = list(FigurePart.objects.filter(figure__office=office).values())
    keys = list(AccessKey.objects.order_by("pk").values())
    return repr((rows, parts, keys))
