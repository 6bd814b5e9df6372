"""The life of a list: sent, read, shown, confirmed and saved whole, or put away.

Nothing is saved before its sender confirms, and what is saved is what was shown: if the list would
do something else by then, nothing is saved and it is shown anew.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evaluations.models import RecommendationList
from evaluations.queries.imports import saved_before, waiting
from evaluations.services.list_judging import REFUSED, STATES, Judgement, judge
from evaluations.services.list_reading import Read, read_list, where
from evaluations.services.recorded import lock, record
from evaluations.services.typed import language_of
from habitat_plan.kit import formats
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.tables.limits import TableRefused
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

State = RecommendationList.State
OVER: Mapping[str, str | Promise] = {
    State.READ: gettext_lazy("Nothing of this file was saved. Look at the rows again."),
    State.DONE: gettext_lazy("This file was saved already. Nothing was saved twice."),
    State.REFUSED: gettext_lazy("This file could not be read. Correct it and upload it again."),
    State.DISCARDED: gettext_lazy("This file was put away. Upload it again if you need it."),
}
NAME_LONGEST = 200


@transaction.atomic
def receive(
    *, file_name: str, content: bytes, language: str, by: User, at: datetime
) -> RecommendationList:
    """Keeps what stands in a file that somebody sent; nothing of it is saved yet.

    `language` is that of its texts. A file that waits already is not read twice. One that cannot
    be read ends in the state `refused` with the sentence why. Raises NotAllowed, and RuleBroken
    `empty_file`, `file_known`, `language_unknown`.
    """
    require(by, Role.EVALUATION_OFFICER)
    if not content:
        raise RuleBroken("empty_file", _("The file is empty. Choose another one."), "file")
    sha256, language = hashlib.sha256(content).hexdigest(), language_of(language)
    _refuse_known(sha256)
    if (same := waiting(sha256)) and same.language == language:
        return same
    found, sentence = Read(), ""
    try:
        found = read_list(content, name=file_name, language=language)
    except TableRefused as refused:
        sentence = where(refused)
    row = RecommendationList.objects.create(
        file_name=_name(file_name),
        sha256=sha256,
        size=len(content),
        language=language,
        state=State.REFUSED if sentence else State.READ,
        lines=found.lines,
        counts=_counts(found, language, by, at) if not sentence else {},
        sentence=sentence,
        made_at=at,
        made_by=by,
    )
    audit.record(
        action="upload list of recommendations",
        subject=row,
        by=by,
        at=at,
        changes={"sha256": (None, sha256), "state": (None, row.state)},
    )
    return row


def _name(name: str) -> str:
    """The name without signs that nobody sees."""
    return "".join(sign for sign in name if sign.isprintable())[-NAME_LONGEST:] or "list"


def _counts(found: Read, language: str, by: User, at: datetime) -> dict[str, Any]:
    judgement = judge(found.lines, language=language, by=by, on=localdate(at))
    return judgement.counts | {"columns": found.letters, "notes": found.notes}


def _refuse_known(sha256: str) -> None:
    known = saved_before(sha256)
    if known is not None and known.done_at is not None:
        raise RuleBroken(
            "file_known",
            _("This file was saved on %(day)s. A list is saved once; nothing was saved now.")
            % {"day": formats.day(localdate(known.done_at), get_language() or "en")},
            "file",
        )


def preview(*, found: RecommendationList, by: User, at: datetime) -> Judgement:
    """What a list that waits would do if it were saved now."""
    return judge(found.lines, language=found.language, by=by, on=localdate(at))


@transaction.atomic
def confirm(
    *, found: RecommendationList, seen: str, only_right: bool, by: User, at: datetime
) -> RecommendationList:
    """Saves what the preview showed: all of it, or nothing.

    `seen` is the fingerprint of the preview that the person saw; `only_right` leaves the refused
    rows out. Raises NotAllowed, and RuleBroken `list_over`, `file_known`, `changed_elsewhere`,
    `rows_refused`, `nothing_new`.
    """
    require(by, Role.EVALUATION_OFFICER)
    row = _locked(found)
    _refuse_known(row.sha256)
    # First whatever it touches is kept from others, then it is judged for good.
    lock(preview(found=row, by=by, at=at).told)
    judgement = preview(found=row, by=by, at=at)
    if judgement.fingerprint != seen:
        raise RuleBroken(
            "changed_elsewhere",
            _(
                "Something changed after you looked at this file, so nothing was saved. "
                "Look at the rows again, then confirm."
            ),
        )
    if judgement.counts[REFUSED] and not only_right:
        raise RuleBroken(
            "rows_refused",
            _("Some rows are refused. Correct them, or save only the rows that are right."),
        )
    if not judgement.told:
        raise RuleBroken("nothing_new", _("There is nothing to save."))
    record(told=judgement.told, by=by, at=at)
    return _done(row, judgement, by, at)


def _locked(found: RecommendationList) -> RecommendationList:
    """The list as it is now, kept from others; also from the same file sent a second time.

    Raises RuleBroken `list_over` unless it waits for confirmation.
    """
    same = RecommendationList.objects.select_for_update().filter(sha256=found.sha256)
    row = next(one for one in same.order_by("pk") if one.pk == found.pk)
    if row.state != State.READ:
        raise RuleBroken("list_over", OVER[row.state])
    return row


def _done(
    row: RecommendationList, judgement: Judgement, by: User, at: datetime
) -> RecommendationList:
    """Keeps with each row what became of it."""
    outcome = {one.row: one for one in judgement.rows}
    row.lines = [
        line
        | {"state": outcome[line["row"]].state}
        | ({"sentence": outcome[line["row"]].sentence} if outcome[line["row"]].sentence else {})
        | ({"column": outcome[line["row"]].column} if outcome[line["row"]].column else {})
        for line in row.lines
    ]
    counts = {**row.counts, **judgement.counts}
    before, row.state, row.counts, row.done_at = row.state, State.DONE, counts, at
    row.save(update_fields=["lines", "state", "counts", "done_at"])
    audit.record(
        action="save list of recommendations",
        subject=row,
        by=by,
        at=at,
        changes={"state": (before, row.state)}
        | {state: (None, judgement.counts[state]) for state in STATES},
    )
    return row


@transaction.atomic
def discard(*, found: RecommendationList, by: User, at: datetime) -> RecommendationList:
    """Puts a list away that was not saved. Raises NotAllowed, and RuleBroken `list_over`."""
    require(by, Role.EVALUATION_OFFICER)
    row = _locked(found)
    row.state, row.lines = State.DISCARDED, []
    row.save(update_fields=["state", "lines"])
    audit.record(
        action="put list of recommendations away",
        subject=row,
        by=by,
        at=at,
        changes={"state": (State.READ.value, row.state)},
    )
    return row
