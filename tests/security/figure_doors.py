"""The doors by which one figure comes in: each tries to enter 7 and says what it was answered.

An answer is a code: `written`, `signed_out`, `not_found`, or the code of the rule that refused.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import factories
from actors import SIGNED_OUT, STRANGERS, Place
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tablib import Dataset

from indicators import messages
from indicators.models import Submission, Upload
from indicators.queries import lock_on
from indicators.resources import FigureResource
from indicators.services import upload_files

GRID, API = "/en/offices/BR1/2016/", "/api/v1/offices/BR1/2016/"
NEW_FILE = "/en/uploads/new/?kind=figures&office=BR1&period=2016"
NOT_ALLOWED = ("This is for the following role", "You may not upload this")


def words_of(response: Any) -> str:
    """The text of a page."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text)


def lock_of(place: Place) -> str:
    """The sentence of the lock on the branch's year; nothing if it is open."""
    submission = Submission.objects.get(office=place.house.branch)
    lock = lock_on(submission, today=factories.TODAY)
    return str(messages.lock(lock, place.house.year)) if lock else ""


def code_of(response: Any, lock: str) -> str:
    """What a page or endpoint answered, as a code."""
    status = response.status_code
    if status == 401 or (status == 302 and "/sign-in/" in response["Location"]):
        return "signed_out"
    if status == 404:
        return "not_found"
    if "json" in response["Content-Type"]:
        content = json.loads(response.content)
        return str(content.get("refusal") or content.get("code") if status >= 400 else "written")
    if status == 302:
        return "written"
    text = words_of(response)
    if status == 403 and any(sentence in text for sentence in NOT_ALLOWED):
        return "role_needed"
    return "locked" if status in {409, 422} and lock and lock in text else f"status {status}"


def grid(client: Client, place: Place, lock: str) -> str:
    """The form of all figures, as a browser without script sends it."""
    form = {"FA1.1-value": "7", "FA1.1-seen": "5", "FA1.1-version": "1"}
    return code_of(client.post(GRID, form), lock)


def cell(client: Client, place: Place, lock: str) -> str:
    """One row of the grid by itself."""
    return code_of(client.post(f"{GRID}FA1.1/cell/", {"value": "7", "version": "1"}), lock)


def page(client: Client, place: Place, lock: str) -> str:
    """The page of one indicator."""
    return code_of(client.post(f"{GRID}FA1.1/", {"value": "7", "version": "1"}), lock)


def api(client: Client, place: Place, lock: str) -> str:
    """The interface for programs."""
    body = json.dumps({"value": "7", "version": 1})
    return code_of(client.put(f"{API}FA1.1/", body, content_type="application/json"), lock)


def _read_again(client: Client, upload: Upload, lock: str) -> str:
    upload.refresh_from_db()
    if upload.state == Upload.State.DONE:
        return "written"
    shown = client.get(f"/en/uploads/{upload.pk}/")
    return "locked" if lock and lock in words_of(shown) else f"left {upload.state}"


def _press(client: Client, upload: Upload, lock: str) -> str:
    seen = upload_files.findings_of(upload)["fingerprint"]
    answer = client.post(f"/en/uploads/{upload.pk}/", {"do": "confirm", "seen": seen})
    if answer.status_code == 302 and "/sign-in/" not in answer["Location"]:
        return _read_again(client, upload, lock)
    return code_of(answer, lock)


def confirm(client: Client, place: Place, lock: str) -> str:
    """A file that was sent while the year was open, confirmed now."""
    return _press(client, Upload.objects.get(pk=place.upload.pk), lock)


def upload(client: Client, place: Place, lock: str) -> str:
    """A file, sent and confirmed."""
    last = Upload.objects.latest("pk").pk
    sent = SimpleUploadedFile("figures.csv", b"Code,Value\nFA1.1,7\n")
    answer = client.post(NEW_FILE, {"file": sent, "language": "en"})
    found = Upload.objects.filter(pk__gt=last).first()
    if found is None:
        return code_of(answer, lock)
    code = _read_again(client, found, lock)
    return code if code == "locked" else _press(client, found, lock)


def resource(actor: str, place: Place, lock: str) -> str:
    """The import of tables by programs in the house, which knows no request."""
    by = place.people[actor]
    assert by is not None
    result = FigureResource().import_data(
        Dataset(["FA1.1", "BR1", "2016", "7"], headers=["code", "office", "period", "value"]),
        by=by, at=factories.NOW, language="en",
    )  # fmt: skip
    refused = [error.error for row in result.rows for error in row.errors]
    return str(refused[0].code) if refused else "written"


@dataclass(frozen=True)
class Door:
    """A way in. `hidden`: what those are told for whom the office, or the file, is not there."""

    enter: Callable[[Any, Place, str], str]
    hidden: str = "not_found"
    to_colleagues: str = "role_needed"
    needs_client: bool = True
    leaves: frozenset[str] = field(default_factory=frozenset)


KEPT_FILE = frozenset({"indicators_upload", "organization_auditentry"})
"""A file that was refused is kept with its rows, for whoever may send it."""
DOORS: Mapping[str, Door] = {
    "grid": Door(grid),
    "cell": Door(cell),
    "page": Door(page),
    "api": Door(api),
    "upload": Door(upload, hidden="role_needed", leaves=KEPT_FILE),
    "confirm": Door(confirm, to_colleagues="not_found", leaves=KEPT_FILE),
    "resource": Door(resource, hidden="role_needed", needs_client=False),
}


def expected(door: Door, actor: str, is_open: bool) -> str:
    """The one table: who writes, and what everybody else is told."""
    if actor in SIGNED_OUT:
        return "signed_out" if door.needs_client else "role_needed"
    if actor in STRANGERS:
        return door.hidden
    if actor != "enters":
        return door.to_colleagues
    return "written" if is_open else "locked"
