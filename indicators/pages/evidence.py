"""Evidence as pages show it, and what its forms ask for, handed to the services."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.refusals import refusal
from habitat_plan.kit.uploads import BY_MEDIA_TYPE, SIZE_LIMIT
from indicators import messages
from indicators.forms.evidence import PieceForm, RetireForm, WhichEvidenceForm
from indicators.models import Achievement, Evidence, Indicator, Submission
from indicators.pages.number_words import begin, in_words
from indicators.permissions import may_enter, readable_offices
from indicators.queries import lock_on
from indicators.queries.evidence import (
    evidence_of,
    evidence_of_offices,
    offices_and_years,
    piece_of,
    submitted_among,
)
from indicators.services import evidence
from organization.models import Office, User

SHOWN = 200
# Where a form leads back to: the word it sends, and the name of the address.
BACK = {"figure": "office-figure", "achievements": "office-achievements"}


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as a list shows it. `kind` is short: PDF, Link, Note."""

    row: Evidence
    kind: str
    address: str
    was_submitted: bool = False

    @property
    def is_file(self) -> bool:
        """True if it can be downloaded."""
        return bool(self.row.sha256)

    @property
    def retire_address(self) -> str:
        """Where its form is sent."""
        return reverse("evidence-retire", args=[*_place(self.row), self.row.pk])


@dataclass(frozen=True)
class Panel:
    """The evidence of one figure: what counts, what was taken out, and the form to add to it."""

    pieces: tuple[Piece, ...]
    retired: tuple[Piece, ...]
    address: str
    back: str
    may_add: bool
    form: PieceForm
    retire_form: RetireForm
    refused: int = 0


def _place(row: Evidence) -> list[str]:
    return [row.office.code, row.period.code, row.indicator.code]


def _piece(row: Evidence, submitted: frozenset[int] = frozenset()) -> Piece:
    if row.sha256:
        kind = BY_MEDIA_TYPE[row.media_type].label
        address = reverse("evidence-file", args=[*_place(row), row.pk])
    else:
        kind, address = (_("Link"), row.link) if row.link else (_("Note"), "")
    return Piece(row, kind, address, row.pk in submitted)


def _achievements(indicator: Indicator, office: Office, period: Period) -> list[Achievement]:
    if indicator.kind != Indicator.Kind.COUNT:
        return []
    rows = Achievement.objects.filter(indicator=indicator, office=office, period=period)
    return list(rows.select_related("authority").order_by("authority__name"))


def evidence_panel(
    user: Any,
    office: Office,
    period: Period,
    indicator: Indicator,
    *,
    locked: bool,
    back: str = "",
    form: PieceForm | None = None,
    retire_form: RetireForm | None = None,
    refused: int = 0,
) -> Panel:
    """What `indicators/evidence.html` shows. Two queries, one more for a count of authorities.

    `back` is a word of `BACK`: the page that shows the panel.
    """
    rows = evidence_of(indicator=indicator, office=office, period=period)
    submitted = submitted_among(rows) if rows else frozenset()
    pieces = [_piece(row, submitted) for row in rows]
    achievements = _achievements(indicator, office, period)
    return Panel(
        pieces=tuple(piece for piece in pieces if piece.row.retired_at is None),
        retired=tuple(piece for piece in pieces if piece.row.retired_at is not None),
        address=reverse("office-evidence", args=[office.code, period.code, indicator.code]),
        back=back,
        may_add=not locked and may_enter(user, office),
        form=form or PieceForm(achievements=achievements),
        retire_form=retire_form or RetireForm(),
        refused=refused,
    )


def measure(office: Office, code: str) -> Indicator:
    """The indicator, or 404 if the office never reported on it."""
    found = Indicator.objects.filter(code=code, assignments__office=office).first()
    if found is None:
        raise Http404
    return found


def back_to(form: QueryDict, office: Office, period: Period, code: str) -> str:
    """The page that the form came from, at its evidence."""
    name = BACK.get(form.get("back", ""), "office-evidence")
    return reverse(name, args=[office.code, period.code, code]) + "#evidence"


def add_piece(
    request: HttpRequest, office: Office, period: Period, indicator: Indicator, by: User
) -> PieceForm | None:
    """Adds the file, link or note of the form; None if done, else the form with what is wrong."""
    achievements = _achievements(indicator, office, period)
    form = PieceForm(request.POST, request.FILES, achievements=achievements)
    if not form.is_valid():
        return form
    try:
        _add(form.cleaned_data, indicator, office, period, by, timezone.now())
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return form
    return None


def _add(
    given: dict[str, Any],
    indicator: Indicator,
    office: Office,
    period: Period,
    by: User,
    at: datetime,
) -> None:
    own: dict[str, Any] = {"indicator": indicator, "office": office, "period": period}
    shared = own | {
        "title": given["title"],
        "note": given["note"],
        "achievement": given.get("achievement"),
    }
    file = given["file"]
    if file is None:
        evidence.add_evidence(link=given["link"], by=by, at=at, **shared)
        return
    if given["link"].strip():
        raise RuleBroken(
            "one_at_a_time", _("Add the file first, then the link as another piece."), "link"
        )
    if file.size > SIZE_LIMIT:
        raise refusal("file_too_large")
    evidence.add_file(name=file.name, content=file.read(), by=by, at=at, **shared)


def piece_or_404(office: Office, period: Period, code: str, number: int) -> Evidence:
    """The piece of evidence; 404 if this figure has none with that number."""
    found = piece_of(indicator=code, office=office, period=period, number=number)
    if found is None:
        raise Http404
    return found


def retire_piece(request: HttpRequest, found: Evidence, by: User) -> RetireForm | None:
    """Takes a piece out; None if done, else the form with what is wrong."""
    form = RetireForm(request.POST)
    if not form.is_valid():
        return form
    try:
        evidence.retire_evidence(
            evidence=found, reason=form.cleaned_data["reason"], by=by, at=timezone.now()
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return form
    return None


def figure_evidence_context(
    user: User, office: Office, period: Period, indicator: Indicator, **refused: Any
) -> dict[str, Any]:
    """Everything the page of the evidence of one figure shows."""
    submission = Submission.objects.filter(office=office, period=period).first()
    lock = lock_on(
        submission or Submission(office=office, period=period), today=timezone.localdate()
    )
    panel = evidence_panel(user, office, period, indicator, locked=lock is not None, **refused)
    return {
        "panel": panel,
        "office": office,
        "period": period,
        "indicator": indicator,
        "heading": _heading(len(panel.pieces), indicator),
        "figure_address": reverse(
            BACK["achievements" if indicator.kind == Indicator.Kind.COUNT else "figure"],
            args=[office.code, period.code, indicator.code],
        ),
        "lock": messages.lock(lock, period) if lock else "",
        "illustrative": indicator.illustrative
        or any(piece.row.made_up for piece in (*panel.pieces, *panel.retired)),  # type: ignore[attr-defined]
    }


def _heading(count: int, indicator: Indicator) -> str:
    if not count:
        return _("No evidence for %(code)s yet") % {"code": indicator.code}
    sentence = ngettext(
        "%(number)s piece of evidence for %(code)s",
        "%(number)s pieces of evidence for %(code)s",
        count,
    )
    return begin(sentence % {"number": in_words(count), "code": indicator.code})


def all_evidence_context(user: User, asked: QueryDict) -> dict[str, Any]:
    """Everything the list of all evidence shows."""
    readable = readable_offices(user)
    offices, years = offices_and_years(readable)
    form = WhichEvidenceForm(
        asked,
        offices=[(office.code, str(office.name)) for office in offices],
        years=[(year.code, str(year)) for year in years],
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    rows, count = evidence_of_offices(
        offices=readable,
        office=chosen.get("office", ""),
        year=chosen.get("year", ""),
        limit=SHOWN,
    )
    sentence = ngettext("%(number)s piece of evidence", "%(number)s pieces of evidence", count)
    return {
        "pieces": [_piece(row) for row in rows],
        "form": form,
        "count": count,
        "heading": begin(sentence % {"number": in_words(count)}),
        "illustrative": any(row.made_up or row.indicator.illustrative for row in rows),  # type: ignore[attr-defined]
    }
