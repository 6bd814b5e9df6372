"""Corrigenda: the only road from an issued report to other figures. The report itself stays."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from organization import queries as people
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit, notices
from organization.services.notices import Matter, Words
from reporting.assembly.changes import place_text
from reporting.document import SCHEMA_VERSION, Document, fingerprint, to_json
from reporting.kinds import CORRIGENDUM
from reporting.models import Report, ReportDocument
from reporting.queries.corrections import Touched, touched, touched_report
from reporting.services.reports import at_one_moment

MOST_NAMED = 10
"""So many places are named in a message; of more, the number is told."""


@at_one_moment()
def draft_corrigendum(*, report: Report, by: User | None, at: datetime) -> Report:
    """Drafts the corrigendum of an issued report, or brings the one in work up to date.

    By the report editor or a quality assurance officer; `by` is None for the clock. The draft is
    then cleared and issued like any report. Raises NotAllowed, and RuleBroken `not_issued`,
    `nothing_differs`, `changed_elsewhere`.
    """
    if by is not None:
        require(by, Role.REPORT_EDITOR, Role.QUALITY_ASSURANCE)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != Report.State.ISSUED or report.corrects_id is not None:
        raise RuleBroken(
            "not_issued",
            _(
                "Only an issued report has a corrigendum. Assemble this one again, and it says "
                "what is approved now."
            ),
        )
    found = touched_report(report)
    if found is None:
        raise RuleBroken(
            "nothing_differs",
            _("Assembled today, this report would say what it says. There is nothing to correct."),
        )
    return _drafted(found, by, at)


def _drafted(found: Touched, by: User | None, at: datetime) -> Report:
    """Freezes the corrigendum, and before it the report as it reads with it."""
    document = found.corrigendum
    draft = _row_of(found)
    before = draft.state
    if draft.document is not None and draft.document.sha256 == fingerprint(document):
        return draft
    last = draft.documents.aggregate(last=Max("number"))["last"] or 0
    _freeze(draft, last + 1, found.today, by, at)
    draft.document = _freeze(draft, last + 2, document, by, at)
    draft.state = Report.State.ASSEMBLED
    draft.cleared_at = draft.cleared_by = None
    draft.save()
    audit.record(
        action="draft corrigendum",
        subject=draft,
        by=by,
        at=at,
        changes={"state": (before, draft.state), "document": (None, draft.document.sha256)},
    )
    return draft


def _row_of(found: Touched) -> Report:
    """The corrigendum in work, or the next one."""
    report = found.report
    if found.draft is not None:
        return Report.objects.select_for_update(of=("self",)).get(pk=found.draft.pk)
    try:
        with transaction.atomic():
            return Report.objects.create(
                kind=CORRIGENDUM.code,
                period=report.period,
                slug=f"{report.slug}-corr-{found.ordinal}",
                session=report.session,
                agenda_item=report.agenda_item,
                corrects=report,
                ordinal=found.ordinal,
            )
    except IntegrityError as error:
        raise RuleBroken(
            "changed_elsewhere",
            _("Somebody else drafted this corrigendum at the same moment. Load the page again."),
        ) from error


def _freeze(
    draft: Report, number: int, document: Document, by: User | None, at: datetime
) -> ReportDocument:
    return ReportDocument.objects.create(
        report=draft,
        number=number,
        schema_version=SCHEMA_VERSION,
        content=to_json(document).decode(),
        sha256=fingerprint(document),
        assembled_at=at,
        assembled_by=by,
    )


@transaction.atomic
def set_aside(*, draft: Report, at: datetime) -> bool:
    """Takes a draft back that has nothing to correct any more; True if it did. By the clock."""
    draft = Report.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.corrects is None or draft.document is None or draft.state == Report.State.ISSUED:
        return False
    before, draft.state, draft.document = draft.state, Report.State.PLANNED, None
    draft.cleared_at = draft.cleared_by = None
    draft.save()
    audit.record(
        action="set corrigendum aside",
        subject=draft,
        by=None,
        at=at,
        changes={"state": (before, draft.state)},
    )
    return True


def draft_all(*, at: datetime) -> int:
    """Drafts what later corrections ask for and tells the report editors; how many drafts stand.

    Each report in a transaction of its own. Called each hour; nothing is drafted or told twice.
    """
    found = touched()
    for one in found:
        try:
            draft = draft_corrigendum(report=one.report, by=None, at=at)
        except RuleBroken:
            # Somebody took the correction back meanwhile: the next tick sees to the draft.
            continue
        _tell(draft, one, at)
    concerned = {one.report.pk for one in found}
    for draft in Report.objects.filter(corrects__isnull=False, document__isnull=False).exclude(
        state=Report.State.ISSUED
    ):
        if draft.corrects_id not in concerned:
            set_aside(draft=draft, at=at)
    return len(found)


def _tell(draft: Report, found: Touched, at: datetime) -> None:
    """Tells every report editor of a draft, once for each set of differences."""
    if draft.document is None:
        return
    editors = people.people_with(Role.REPORT_EDITOR, at=at)
    offices = Office.objects.in_bulk(list(editors))
    key = f"corrigendum/{draft.slug}/{draft.document.sha256[:16]}"
    matters = [
        Matter(key, offices[office], who, partial(_words, draft, found))
        for office, who in editors.items()
    ]
    notices.tell(matters=matters, by=None, at=at)


def _words(draft: Report, found: Touched) -> Words:
    """What an editor reads: which report, how many places, which; in the active language."""
    language, number = get_language() or "en", len(found.changes)
    names = {"symbol": found.report.symbol, "number": number}
    text = ngettext(
        "Later corrections touch %(number)s place of %(symbol)s. A corrigendum is drafted:",
        "Later corrections touch %(number)s places of %(symbol)s. A corrigendum is drafted:",
        number,
    )
    lines = [text % names, "", *_places(found, language)]
    lines += ["", _("Read the draft, then clear and issue it.")]
    subject = _("Corrigendum drafted: %(symbol)s") % names
    return Words(subject, "\n".join(lines), reverse("report", args=[draft.slug]))


def _places(found: Touched, language: str) -> Iterable[str]:
    for change in found.changes[:MOST_NAMED]:
        yield str(place_text(change.difference.place).in_language(language))
    if (more := len(found.changes) - MOST_NAMED) > 0:
        yield _("And %(number)s more.") % {"number": more}
