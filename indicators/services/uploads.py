"""The life of a file: sent, read, shown, confirmed, saved whole or not at all, or put away.

Nothing is saved before somebody confirms, and what is saved is what was shown: if anything would
come out otherwise by then, the new differences are shown instead.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.tables.limits import JOB_LIMITS, LIMITS, Limits, TableRefused
from indicators.models import Upload
from indicators.permissions import may_upload
from indicators.services import upload_files, upload_findings
from indicators.services.upload_findings import REFUSED, STATES, Found, Lines
from indicators.services.upload_lines import lines_of
from indicators.spreadsheets.reading import FileContent, read_file
from jobs import services as jobs
from jobs.models import Job
from jobs.rules import OPEN
from organization.models import Office, User
from organization.services import audit

READ, SAVE = "upload-read", "upload-save"
PAGE_ROWS = 5_000
"""What is read and saved while the person waits; longer files are left to a job."""
PAGE_LIMITS = replace(LIMITS, rows=PAGE_ROWS)
TOO_MANY_ROWS = "too_many_rows"
KEPT_FOR = timedelta(days=30)
State = Upload.State
OVER: dict[str, str | Promise] = {
    State.READING: gettext_lazy("This file is still being read. Wait a moment."),
    State.READ: gettext_lazy("Nothing of this file was saved. Look at the rows again."),
    State.CONFIRMED: gettext_lazy("This file is being saved already."),
    State.DONE: gettext_lazy("This file was saved already. Nothing was saved twice."),
    State.REFUSED: gettext_lazy("This file could not be read. Correct it and upload it again."),
    State.DISCARDED: gettext_lazy("This file was put away. Upload it again if you need it."),
}


def nothing() -> None:
    """Nobody is told."""


def _over(upload: Upload) -> RuleBroken:
    return RuleBroken("upload_over", OVER[upload.state])


def require_upload(user: User, kind: str, office: Office | None) -> None:
    """Raises NotAllowed unless the person may send such a file."""
    if not may_upload(user, kind, office):
        raise NotAllowed(
            "role_needed", _("You may not upload this. Ask an administrator if you should.")
        )


@transaction.atomic
def receive(
    *,
    kind: str,
    office: Office | None,
    period: Period | None,
    file_name: str,
    content: bytes,
    language: str,
    by: User,
    at: datetime,
) -> Upload:
    """Keeps a file that somebody sent; it is not read yet. Raises RuleBroken `empty_file`."""
    require_upload(by, kind, office)
    if not content:
        raise RuleBroken("empty_file", _("The file is empty. Choose another one."), "file")
    upload = Upload.objects.create(
        kind=kind,
        office=office,
        period=period,
        file_name=file_name[-200:],
        sha256=upload_files.hash_of(content),
        size=len(content),
        language=language,
        made_at=at,
        made_by=by,
    )
    upload_files.keep(upload, content)
    audit.record(
        action="upload file",
        subject=upload,
        by=by,
        at=at,
        changes={"sha256": (None, upload.sha256)},
        office=office,
    )
    return upload


def read(
    *,
    upload: Upload,
    by: User,
    at: datetime,
    in_background: bool = False,
    told: Callable[[], None] = nothing,
) -> Upload:
    """Reads the file and keeps what it would change; a long one is left to a job.

    What cannot be read ends in the state `refused` with the sentence why. `told` is called when
    the rows are read and before they are compared.
    """
    require_upload(by, upload.kind, upload.office)
    try:
        content = read_rows(upload, JOB_LIMITS if in_background else PAGE_LIMITS)
        told()
        found = upload_findings.compare(
            lines=lines_of(content, upload), language=upload.language, by=by, at=at
        )
    except TableRefused as refused:
        if refused.code == TOO_MANY_ROWS and not in_background:
            _enqueue(READ, upload, by, at)
            return upload
        return _refuse(upload, _where(refused), by, at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return _refuse(upload, str(broken.message), by, at)
    return _keep(upload, found, content, by, at)


def _where(refused: TableRefused) -> str:
    """The sentence, with row and column if they are not in it."""
    places = []
    if refused.row:
        places.append(_("row %(row)d") % {"row": refused.row})
    if refused.column:
        places.append(_("column %(column)s") % {"column": refused.column})
    named = not places or (str(refused.row) in refused.sentence)
    return refused.sentence if named else f"{refused.sentence} ({', '.join(places)})"


def content_of(upload: Upload) -> bytes:
    """The file as it was sent. Raises RuleBroken `file_gone`."""
    content = upload_files.content_of(upload)
    if content is None:
        raise RuleBroken("file_gone", _("The file is no longer kept. Upload it again."))
    return content


def read_rows(upload: Upload, limits: Limits) -> FileContent:
    """The rows of the file. Raises TableRefused, RuleBroken `file_gone`."""
    return read_file(
        content_of(upload),
        name=upload.file_name,
        kind=upload.kind,
        language=upload.language,
        limits=limits,
    )


def _enqueue(kind: str, upload: Upload, by: User, at: datetime) -> None:
    jobs.enqueue(
        kind=kind,
        key=str(upload.pk),
        payload={"upload": upload.pk},
        by=by,
        at=at,
        language=upload.language,
    )


@transaction.atomic
def _refuse(upload: Upload, sentence: str, by: User, at: datetime) -> Upload:
    transaction.on_commit(partial(upload_files.remove, upload))
    return _step(upload, State.READING, State.REFUSED, "refuse file", by, at, sentence=sentence)


@transaction.atomic
def _keep(upload: Upload, found: Found, content: FileContent, by: User, at: datetime) -> Upload:
    _keep_findings(upload, found, content)
    return _step(upload, State.READING, State.READ, "read file", by, at, counts=found.counts)


def _keep_findings(upload: Upload, found: Found, content: FileContent) -> None:
    said = {"notes": content.notes, "notices": content.notices}
    upload_files.keep_findings(upload, found.kept() | said)


def _step(
    upload: Upload, before: str, after: str, action: str, by: User | None, at: datetime,
    reason: str = "", **changes: object,
) -> Upload:  # fmt: skip
    """Takes one step by a conditional update, with its audit entry. Raises `upload_over`."""
    taken = Upload.objects.filter(pk=upload.pk, state=before).update(state=after, **changes)
    upload.refresh_from_db()
    if not taken:
        raise _over(upload)
    audit.record(
        action=action,
        subject=upload,
        by=by,
        at=at,
        changes={"state": (before, after), **{name: (None, to) for name, to in changes.items()}},
        reason=reason,
        office=upload.office,
    )
    return upload


@transaction.atomic
def confirm(*, upload: Upload, seen: str, only_right: bool, by: User, at: datetime) -> Upload:
    """Saves what the preview showed; a long file is left to a job.

    `seen` is the fingerprint of the preview that the person saw. If the file would do something
    else by now, nothing is saved and the state is `read` again, with the new preview.

    Raises RuleBroken `upload_over`, `rows_refused`, and what the services raise.
    """
    require_upload(by, upload.kind, upload.office)
    rows = {state: upload.counts.get(state, 0) for state in STATES}
    if rows[REFUSED] and not only_right:
        raise RuleBroken(
            "rows_refused",
            _("Some rows are refused. Correct them, or save only the rows that are right."),
        )
    counts = {**rows, "seen": seen, "only_right": only_right}
    _step(upload, State.READ, State.CONFIRMED, "confirm file", by, at,
          counts=counts, confirmed_at=at, sentence="")  # fmt: skip
    if sum(rows.values()) > PAGE_ROWS:
        _enqueue(SAVE, upload, by, at)
        return upload
    return save(upload=upload, by=by, at=at)


def save(*, upload: Upload, by: User, at: datetime, told: Callable[[], None] = nothing) -> Upload:
    """Carries out a confirmed file in one transaction: all of it, or nothing.

    If it was stopped meanwhile nothing is saved; if it would do something else than what was
    confirmed, the new preview is kept instead. `told` is called before the transaction.

    Raises RuleBroken `upload_over`, `file_gone`, and what the services raise.
    """
    require_upload(by, upload.kind, upload.office)
    content = read_rows(upload, JOB_LIMITS)
    lines = lines_of(content, upload)
    told()
    try:
        _save(upload, lines, by, at)
    except _Otherwise:
        found = upload_findings.compare(lines=lines, language=upload.language, by=by, at=at)
        upload.refresh_from_db()
        return _show_again(upload, found, content, by, at)
    return upload


class _Otherwise(Exception):  # ends the transaction, told to nobody
    """The file would do something else than what was confirmed."""


@transaction.atomic
def _save(upload: Upload, lines: Lines, by: User, at: datetime) -> None:
    """Raises _Otherwise, also if somebody wrote between the comparison and the locks."""
    found = upload_findings.compare(lines=lines, language=upload.language, by=by, at=at)
    if found.fingerprint != upload.counts["seen"]:
        raise _Otherwise
    reason = _reason(upload, found)
    if found.changes_something:
        entered = upload_findings.enter(
            lines=upload_findings.without(lines, found.refused),
            language=upload.language,
            upload=upload,
            reason=reason,
            by=by,
            at=at,
        )
        if entered.fingerprint != found.done:
            raise _Otherwise
    _step(upload, State.CONFIRMED, State.DONE, "save file", by, at, reason,
          done_at=at, counts=found.counts)  # fmt: skip
    transaction.on_commit(partial(upload_files.remove, upload))


@transaction.atomic
def _show_again(
    upload: Upload, found: Found, content: FileContent, by: User, at: datetime
) -> Upload:
    """Back to the preview, with what the file would do by now."""
    _keep_findings(upload, found, content)
    sentence = _(
        "Something changed after you looked at this file, so nothing was saved. "
        "Look at the rows again, then confirm."
    )
    return _step(upload, State.CONFIRMED, State.READ, "show file again", by, at,
                 counts=found.counts, sentence=sentence)  # fmt: skip


def _reason(upload: Upload, found: Found) -> str:
    """What the audit trail says of a file that was saved in part."""
    if not found.counts[REFUSED]:
        return ""
    return _("%(file)s: only the rows that are right; %(count)d refused rows were left out.") % {
        "file": upload.file_name,
        "count": found.counts[REFUSED],
    }


@transaction.atomic
def stop(*, upload: Upload, by: User, at: datetime) -> Upload:
    """Stops saving: the file goes back to its preview, and nothing of it is saved.

    Raises RuleBroken `upload_over` if it is not being saved, or is saved already.
    """
    require_upload(by, upload.kind, upload.office)
    _back(upload, _("Stopped. Nothing was saved."), by, at)
    _cancel_job(SAVE, upload, at)
    return upload


@transaction.atomic
def give_back(*, upload: Upload, sentence: str, by: User, at: datetime) -> Upload:
    """Brings a file that could not be saved back to its preview, with the sentence why."""
    upload.refresh_from_db()
    if upload.state == State.CONFIRMED:
        _back(upload, sentence, by, at)
    return upload


def _back(upload: Upload, sentence: str, by: User, at: datetime) -> None:
    rows = {state: upload.counts.get(state, 0) for state in STATES}
    _step(upload, State.CONFIRMED, State.READ, "stop saving file", by, at,
          counts=rows, sentence=sentence)  # fmt: skip


@transaction.atomic
def again(*, upload: Upload, by: User, at: datetime) -> None:
    """Starts the job of a file anew after it stopped. Raises RuleBroken `upload_over`."""
    require_upload(by, upload.kind, upload.office)
    kind = {State.READING: READ, State.CONFIRMED: SAVE}.get(State(upload.state))
    if kind is None:
        raise _over(upload)
    _enqueue(kind, upload, by, at)
    audit.record(action="start again", subject=upload, by=by, at=at, office=upload.office)


@transaction.atomic
def discard(*, upload: Upload, by: User | None, at: datetime) -> Upload:
    """Puts a file away that was not saved. Raises RuleBroken `upload_over`."""
    if by is not None:
        require_upload(by, upload.kind, upload.office)
    if upload.state not in {State.READING, State.READ}:
        raise _over(upload)
    _step(upload, upload.state, State.DISCARDED, "discard file", by, at)
    _cancel_job(READ, upload, at)
    transaction.on_commit(partial(upload_files.remove, upload))
    return upload


def remove_old(*, at: datetime) -> int:
    """Puts away what nobody confirmed within thirty days; how many files that were."""
    old = Upload.objects.filter(made_at__lt=at - KEPT_FOR, state__in=[State.READING, State.READ])
    count = 0
    for upload in old:
        discard(upload=upload, by=None, at=at)
        count += 1
    return count


def _cancel_job(kind: str, upload: Upload, at: datetime) -> None:
    """Stops the job of a file, if one waits or runs."""
    for job in Job.objects.filter(kind=kind, key=str(upload.pk), state__in=OPEN):
        jobs.cancel(job_id=job.pk, by=None, at=at)
