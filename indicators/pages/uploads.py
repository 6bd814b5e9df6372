"""The pages of uploads, composed: what may be sent, and what a file would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.forms.uploads import UploadForm
from indicators.models import Category, Indicator, Upload
from indicators.pages.number_words import begin, in_words
from indicators.permissions import READS_EVERYTHING, may_upload
from indicators.queries.uploads import earlier_uploads
from indicators.services import upload_files, uploads
from indicators.services.upload_findings import CHANGED, KEPT, NEW, REFUSED, STATES, UNCHANGED
from indicators.spreadsheets.sheets import FILES
from jobs.models import Job
from jobs.queries import JobStatus, status_of
from organization.models import Office, User
from organization.permissions import holds

State = Upload.State
KINDS: Mapping[str, str | Promise] = {
    "figures": gettext_lazy("Figures"),
    "achievements": gettext_lazy("Achievements"),
    "authorities": gettext_lazy("Register of authorities"),
    "baselines": gettext_lazy("Baselines"),
    "targets": gettext_lazy("Targets"),
}
OF_OFFICES = frozenset({"figures", "achievements"})


@dataclass(frozen=True)
class Asked:
    """What a person wants to send; `kind` is empty if they have not said, or may not."""

    kind: str
    office: Office | None = None
    period: Period | None = None


def asked(user: User, query: QueryDict) -> Asked:
    """What the address asks for. An office that the person may not enter for is as none there."""
    kind = query.get("kind", "")
    if kind not in KINDS or not may_upload(user, kind):
        return Asked("")
    if kind not in OF_OFFICES:
        return Asked(kind)
    if not query.get("office"):
        return Asked(kind)
    office = Office.objects.filter(code=query["office"]).first()
    if office is None or not may_upload(user, kind, office):
        return Asked("")
    period = Period.objects.filter(code=query.get("period", "")).first()
    return Asked(kind, office, period) if period and period.is_year else Asked(kind)


@dataclass(frozen=True)
class KindOfFile:
    """A kind of file: its name, and whether this person may send one."""

    kind: str
    title: str | Promise
    may_send: bool


def kinds(user: User) -> list[KindOfFile]:
    """What this person may take away or send."""
    reads_all = holds(user, *READS_EVERYTHING)
    return [
        KindOfFile(kind, title, may_upload(user, kind))
        for kind, title in KINDS.items()
        if may_upload(user, kind) or reads_all
    ]


def new_context(user: User, wanted: Asked, form: UploadForm) -> dict[str, Any]:
    """Everything that the form to send a file shows."""
    return {
        "wanted": wanted,
        "title": KINDS.get(wanted.kind, ""),
        "columns": [column for column in FILES[wanted.kind][0].columns if column.is_read]
        if wanted.kind
        else [],
        "kinds": [] if wanted.kind else kinds(user),
        "form": form,
        "earlier": earlier_uploads(user, wanted.office, wanted.period) if wanted.kind else [],
        "illustrative": _is_illustrative(wanted.office),
    }


def _is_illustrative(office: Office | None) -> bool:
    rows = Indicator.objects.filter(illustrative=True)
    return (rows if office is None else rows.filter(assignments__office=office)).exists()


@dataclass(frozen=True)
class Change:
    """One field of a row: its name, what it was, what it would be."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class PreviewRow:
    """One row of the file in words."""

    place: str
    label: str
    title: str
    changes: tuple[Change, ...]
    sentence: str


@dataclass(frozen=True)
class Group:
    """The rows of one state, and how many more there are than are listed."""

    state: str
    title: str
    rows: tuple[PreviewRow, ...]
    more: int


def _names() -> dict[str, str]:
    """What the columns and the parts are called."""
    named = {
        column.key: str(column.title)
        for sheets in FILES.values()
        for sheet in sheets
        for column in sheet.columns
    }
    for category in Category.objects.select_related("axis"):
        named[f"{category.axis.code}:{category.code}"] = f"{category.axis.label}: {category.label}"
    return named | {"year": _("Year")}


def _row(row: Mapping[str, Any], tabs: Mapping[str, str], names: Mapping[str, str]) -> PreviewRow:
    place = _("%(sheet)s, row %(row)d") % {"sheet": tabs[row["sheet"]], "row": row["row"]}
    if row["state"] == REFUSED and row["cell"]:
        place += ", " + _("cell %(cell)s") % {"cell": row["cell"]}
    changes = tuple(
        Change(names.get(name, name.replace("_", " ")), was, now)
        for name, was, now in row["changes"]
    )
    return PreviewRow(place, row["label"], row["title"], changes, row["sentence"])


def groups(upload: Upload) -> list[Group]:
    """The rows of a file by what becomes of them, the refused ones first."""
    found = upload_files.findings_of(upload)
    rows: Sequence[Mapping[str, Any]] = found.get("rows", ())
    tabs = {sheet.kind: str(sheet.title) for sheets in FILES.values() for sheet in sheets}
    names = _names() if rows else {}
    titles = {
        REFUSED: _("Refused: nothing of these rows can be saved as they are"),
        CHANGED: _("Changed"),
        NEW: _("New"),
        UNCHANGED: _("As stored already"),
    }
    made = []
    for state, title in titles.items():
        listed = [row for row in rows if row["state"] == state][:KEPT]
        if listed:
            shown = tuple(_row(row, tabs, names) for row in listed)
            made.append(Group(state, title, shown, upload.counts.get(state, 0) - len(shown)))
    return made


def heading(upload: Upload) -> str:
    """What stands with the file, as a sentence."""
    count = upload.counts
    if upload.state == State.DONE:
        return _saved(count.get(NEW, 0) + count.get(CHANGED, 0))
    if upload.state != State.READ:
        return {
            State.READING: _("The file is being read"),
            State.CONFIRMED: _("The file is being saved"),
            State.REFUSED: _("This file cannot be read"),
        }.get(State(upload.state), _("This file was put away, and nothing of it was saved"))
    if refused := count.get(REFUSED, 0):
        sentence = ngettext(
            "%(count)s row is refused; nothing is saved yet",
            "%(count)s rows are refused; nothing is saved yet",
            refused,
        )
        return begin(sentence % {"count": in_words(refused)})
    if not will_change(upload):
        return _("Nothing in this file differs from what is stored")
    sentence = ngettext(
        "%(count)s row would change; nothing is saved yet",
        "%(count)s rows would change; nothing is saved yet",
        will_change(upload),
    )
    return begin(sentence % {"count": in_words(will_change(upload))})


def _saved(count: int) -> str:
    if not count:
        return _("Nothing in this file differs from what is stored")
    sentence = ngettext("Saved: %(count)s row", "Saved: %(count)s rows", count)
    return sentence % {"count": in_words(count)}


def will_change(upload: Upload) -> int:
    """How many rows are new or changed."""
    return int(upload.counts.get(NEW, 0)) + int(upload.counts.get(CHANGED, 0))


def _work(upload: Upload, at: datetime) -> JobStatus | None:
    """How far the job of this file is; None if it has none now."""
    kind = {State.READING: uploads.READ, State.CONFIRMED: uploads.SAVE}.get(State(upload.state))
    job = Job.objects.filter(kind=kind, key=str(upload.pk)).first() if kind else None
    return status_of(job, at=at) if job else None


def upload_context(
    upload: Upload, *, at: datetime, refused: RuleBroken | None = None
) -> dict[str, Any]:
    """Everything that the page of one file shows."""
    is_read = upload.state == State.READ
    found = upload_files.findings_of(upload) if is_read else {}
    work = _work(upload, at)
    return {
        "upload": upload,
        "title": KINDS[upload.kind],
        "heading": heading(upload),
        "groups": groups(upload) if is_read else [],
        "facts": [(state, upload.counts.get(state, 0)) for state in STATES],
        "count": {state: upload.counts.get(state, 0) for state in STATES},
        "will_change": will_change(upload),
        "notes": found.get("notes", ()),
        "notices": found.get("notices", ()),
        "fingerprint": found.get("fingerprint", ""),
        "work": work,
        "at_work": work is not None and not work.is_over,
        "refused": refused,
        "illustrative": _is_illustrative(upload.office),
    }


def take_step(upload: Upload, form: QueryDict, *, by: User) -> str:
    """Does what the button says; the sentence that tells so. Raises RuleBroken."""
    at, do = timezone.now(), form.get("do", "")
    if do == "discard":
        uploads.discard(upload=upload, by=by, at=at)
        return _("The file was put away. Nothing was saved.")
    if do == "stop":
        uploads.stop(upload=upload, by=by, at=at)
        return _("Stopped. Nothing was saved.")
    if do == "again":
        uploads.again(upload=upload, by=by, at=at)
        return _("The work starts again.")
    if do not in {"confirm", "right"}:
        raise RuleBroken("unknown_step", _("Choose what to do with the file."))
    done = uploads.confirm(
        upload=upload, seen=form.get("seen", ""), only_right=do == "right", by=by, at=at
    )
    return {
        State.DONE: _("Saved."),
        State.CONFIRMED: _("The file is being saved. You may leave this page."),
    }.get(State(done.state), _("Nothing was saved: look at the rows again."))
