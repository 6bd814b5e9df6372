"""The sign-off sheet of one office and year: every figure, what was asked and said, who decided.

Composed from what the database holds now, in the active language. Its fingerprint covers the
content and not the words around it, so it is the same in every language.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.wording import Wording
from indicators.models import Evidence, Indicator, Submission
from indicators.pages.entry_form import entry_text, number_text, share_text, target_text
from indicators.queries.changes import content_of
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.rules.kinds import Nothing
from organization.services.audit import plain
from reporting.rendering.sign_off import FigureLine, Said, Sheet, Signature

DECIDED = {Submission.State.APPROVED, Submission.State.VERIFIED}
STEPS = ("submitted", "returned", "approved", "verified")


def sheet_of(submission: Submission) -> Sheet:
    """The sheet of a submission in the active language. A fixed number of queries."""
    office, period = submission.office, submission.period
    page = entry_page(office=office, period=period, today=period.end)
    pieces = list(Evidence.objects.filter(office=office, period=period, retired_at=None))
    date = _last_change(page, pieces)
    made_up = any(_is_made_up(row) for row in page.rows)
    return Sheet(
        language=_language(),
        date=date,
        title=_("Sign-off sheet"),
        office=_said(office.name),
        period=str(period),
        state=str(submission.get_state_display()),
        draft="" if submission.state in DECIDED else _("Draft, not approved"),
        illustrative_label=_("Illustrative") if made_up else "",
        illustrative=_made_up_notice() if made_up else "",
        facts=tuple(_facts(page, pieces, date)),
        figures_heading=_("Figures"),
        columns=(_("Indicator"), _("Figure"), _("Target"), _("Share"), _("Evidence")),
        figures=tuple(_line(row) for row in page.rows),
        signatures_heading=_("Signatures"),
        signature_columns=(_("Step"), _("Who"), _("When"), _("Signature")),
        signatures=tuple(_signatures(page)),
        fingerprint_label=_("Fingerprint of the content (SHA-256), the same in every language"),
        fingerprint=_fingerprint(page, pieces),
    )


def _language() -> str:
    return get_language() or "en"


def _said(wording: Wording) -> Said:
    local = wording.local()
    return Said(local.text, local.language)


def _made_up_notice() -> str:
    return _(
        "Figures, names and texts on this page are made up for demonstration, except where a "
        "source is given. They are not results of UN-Habitat."
    )


def _is_made_up(row: EntryRow) -> bool:
    return (
        row.indicator.illustrative
        or bool(row.figure and row.figure.illustrative)
        or any(one.illustrative for one in row.achievements)
    )


def _stamps(submission: Submission) -> Iterator[tuple[str, str, dt.datetime]]:
    """The steps that hold now: which, by whom, when."""
    for step in STEPS:
        at, by = getattr(submission, f"{step}_at"), getattr(submission, f"{step}_by")
        if at is not None:
            yield step, str(by or ""), at


def _last_change(page: EntryPage, pieces: Sequence[Evidence]) -> dt.date:
    """The day of the last change of anything on the sheet; the end of the year if there is none."""
    moments = [at for _step, _by, at in _stamps(page.submission)]
    moments += [row.figure.changed_at for row in page.rows if row.figure]
    moments += [one.added_at for row in page.rows for one in row.achievements]
    moments += [piece.added_at for piece in pieces]
    return timezone.localdate(max(moments)) if moments else page.period.end


def _facts(page: EntryPage, pieces: Sequence[Evidence], date: dt.date) -> Iterator[tuple[str, str]]:
    counted = sum(len(row.achievements) for row in page.rows)
    files = sum(1 for piece in pieces if piece.sha256)
    yield _("State"), str(page.submission.get_state_display())
    yield _("As of"), formats.day(date, _language())
    yield _("Figures"), number_text(sum(1 for row in page.rows if row.nothing is None))
    yield _("Authorities added this year"), number_text(counted)
    yield (
        _("Evidence"),
        _("%(files)s files, %(others)s links and notes")
        % {"files": number_text(files), "others": number_text(len(pieces) - files)},
    )


def _line(row: EntryRow) -> FigureLine:
    return FigureLine(
        code=row.indicator.code,
        title=_said(row.indicator.title),
        value=_value(row),
        target=target_text(row),
        share=share_text(row),
        evidence=number_text(len(row.evidence)),
        remarks=tuple((term, Said(text)) for term, text in _remarks(row) if text),
    )


def _value(row: EntryRow) -> str:
    if row.indicator.kind == Indicator.Kind.COUNT:
        return number_text(row.count_to_date)
    return entry_text(row.indicator, row.figure) or {
        Nothing.NOT_APPLICABLE: _("n/a"),
        Nothing.NOT_REPORTED: _("not reported"),
        Nothing.NOT_DUE: _("not due"),
    }.get(row.nothing or Nothing.NOT_REPORTED, "")


def _remarks(row: EntryRow) -> Iterator[tuple[str, str]]:
    """What was asked and answered, and what explains the figure."""
    figure = row.figure
    for check in row.checks:
        yield _("Check"), check.sentence
        yield _("Answer"), check.answer or _("Not answered")
    if figure is None:
        return
    if figure.not_applicable:
        yield _("Reason"), figure.reason
    yield _("Cause"), str(figure.get_cause_display()) if figure.cause else ""
    yield _("What happened"), figure.explanation
    yield _("What is done about it"), figure.measures


def _signatures(page: EntryPage) -> Iterator[Signature]:
    """A line for each step that the plan asks for, and for a return that still holds."""
    people = {
        str(row.figure.changed_by) for row in page.rows if row.figure and row.figure.changed_by
    }
    yield Signature(_("Entered"), ", ".join(sorted(people)), "")
    done = {step: (by, at) for step, by, at in _stamps(page.submission)}
    names = {
        "submitted": _("Submitted"),
        "returned": _("Returned"),
        "approved": _("Approved"),
        "verified": _("Verified"),
    }
    for step, name in names.items():
        by, at = done.get(step, ("", None))
        if step != "returned" or at is not None:
            day = formats.day(timezone.localdate(at), _language()) if at else ""
            yield Signature(name, by, day)


def _fingerprint(page: EntryPage, pieces: Sequence[Evidence]) -> str:
    """SHA-256 of figures, targets, evidence and steps as canonical JSON."""
    content: dict[str, Any] = {
        "office": page.office.code,
        "period": page.period.code,
        "state": page.submission.state,
        "figures": content_of(office=page.office, period=page.period),
        "counts": {row.indicator.code: row.count_to_date for row in page.rows},
        "targets": {row.indicator.code: plain(row.target) for row in page.rows if row.target},
        "evidence": [[one.pk, one.sha256, one.link, one.note] for one in pieces],
        "steps": [[step, by, plain(at)] for step, by, at in _stamps(page.submission)],
    }
    whole = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
