"""The API over an office's own figures: the same services and the same rules as the pages.

Numbers come and go as decimal strings without any language ("1234.5"), so that no digit is lost.
A field that is not sent stays as it is; "" takes it out. See docs/reference/api.md.
"""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators import messages
from indicators.api.published import number_data
from indicators.models import Figure, Indicator, Submission
from indicators.permissions import may_read_office
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.services import entry, submissions
from indicators.services.entry import Typed
from organization.authentication import ByAccessKey, BySession
from organization.models import Office, Role, User
from organization.permissions import require

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
NUMBERS = ("value", "numerator", "denominator")
TEXTS = (*NUMBERS, "choice", "reason", "cause", "explanation", "measures")
MAPS = ("parts", "answers")
FIELDS = frozenset({*TEXTS, *MAPS, "not_applicable", "version"})
LONGEST_VERSION = 9
STATUS_OF = {"changed_elsewhere": 409, "locked": 423}


class ExactJSON(JSONParser):  # type: ignore[misc]  # the framework has no types
    """JSON whose numbers arrive as the digits that were sent, never as binary fractions."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        """The content; ParseError (400) for anything that is not JSON in UTF-8."""
        try:
            return json.loads(stream.read().decode(), parse_float=str, parse_int=str)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is not JSON. Send one object in UTF-8.")) from error


class Refused(Exception):  # told to the caller, not an error
    """A request that cannot be understood: 400 with a sentence."""


class OfficeView(APIView):  # type: ignore[misc]  # the framework has no types
    """An endpoint of one office and year, for those who may read it; 404 for everybody else."""

    authentication_classes = (ByAccessKey, BySession)
    parser_classes = (ExactJSON,)

    def place(self, request: Request, office: str, period: str) -> tuple[Office, Period]:
        """The office and year. 401 without a sign-in, 404 without the right to read."""
        if not isinstance(request.user, User):
            self.permission_denied(request)
        where = Office.objects.filter(code=office).first()
        year = Period.objects.filter(code=period).first()
        if where is None or year is None or not year.is_year:
            raise Http404
        if not may_read_office(request.user, where):
            raise Http404
        return where, year

    def handle_exception(self, exc: Exception) -> Response:
        """Refusals in words, with the status that says of which sort they are."""
        if isinstance(exc, Refused):
            return Response({"code": "not_understood", "message": str(exc)}, status=400)
        if isinstance(exc, RuleBroken):
            return refusal(exc)
        response: Response = super().handle_exception(exc)
        return response


def refusal(broken: RuleBroken, **more: Any) -> Response:
    """403, 409 (changed elsewhere), 423 (locked) or 422, with code, field and sentences."""
    forbidden = 403 if isinstance(broken, NotAllowed) else 422
    content = {
        "code": broken.code,
        "field": broken.field,
        "message": str(broken.message),
        "details": [str(detail) for detail in broken.details],
    }
    return Response(content | more, status=STATUS_OF.get(broken.code, forbidden))


class OfficeYear(OfficeView):
    """All indicators that an office reports on for a year."""

    def get(self, request: Request, office: str, period: str) -> Response:
        """The rows with value, version, target and open checks; the state and what locks it."""
        where, year = self.place(request, office, period)
        page = entry_page(office=where, period=year, today=timezone.localdate())
        lock = messages.lock(page.lock, year) if page.lock else None
        return Response({**_state(page), "lock": lock, "rows": [_row(row) for row in page.rows]})


class OfficeFigure(OfficeView):
    """One figure of an office and year."""

    def get(self, request: Request, office: str, period: str, indicator: str) -> Response:
        """The figure as it is stored."""
        where, year = self.place(request, office, period)
        return Response(_row(_found(where, year, indicator)))

    def put(self, request: Request, office: str, period: str, indicator: str) -> Response:
        """Enters what is sent, as the page would: 200 with the row, or why not."""
        where, year = self.place(request, office, period)
        require(request.user, Role.CONTRIBUTOR, office=where)
        measure = Indicator.objects.filter(code=indicator, assignments__office=where).first()
        if measure is None:
            raise Http404
        try:
            entry.enter_figure(
                indicator=measure,
                office=where,
                period=year,
                typed=_typed(request.data),
                language="en",
                by=request.user,
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            if broken.code != "changed_elsewhere":
                raise
            return refusal(broken, stored=_row(_found(where, year, indicator)))
        return Response(_row(_found(where, year, indicator)))


class OfficeSubmission(OfficeView):
    """Handing a year in, and taking it back."""

    def post(self, request: Request, office: str, period: str) -> Response:
        """`{"action": "submit"}` or `{"action": "withdraw"}`; the state afterwards."""
        where, year = self.place(request, office, period)
        require(request.user, Role.CONTRIBUTOR, office=where)
        given = _object(request.data, frozenset({"action"}))
        action, at = given.get("action"), timezone.now()
        if action == "submit":
            submissions.submit(office=where, period=year, by=request.user, at=at)
        elif action == "withdraw":
            submission = Submission.objects.filter(office=where, period=year).first()
            if submission is None:
                raise Http404
            submissions.withdraw(submission=submission, by=request.user, at=at)
        else:
            raise Refused(_("Send an action: submit or withdraw."))
        return Response(_state(entry_page(office=where, period=year, today=timezone.localdate())))


def _object(data: Any, known: frozenset[str]) -> Mapping[str, Any]:
    """The object that was sent. Refuses what is none, and every field that is not known."""
    if not isinstance(data, Mapping):
        raise Refused(_("Send one JSON object."))
    unknown = sorted(str(name) for name in set(data) - known)
    if unknown:
        raise Refused(
            _("%(unknown)s: no such field. Use: %(known)s.")
            % {"unknown": ", ".join(unknown)[:200], "known": ", ".join(sorted(known))}
        )
    return data


def _typed(data: Any) -> Typed:
    """The object as typed texts; None for a field that was not sent."""
    given = _object(data, FIELDS)
    if not set(given) - {"version"}:
        raise Refused(_("Send at least one field."))
    texts: dict[str, Any] = {name: _text(name, given[name]) for name in TEXTS if name in given}
    maps: dict[str, Any] = {name: _map(name, given[name]) for name in MAPS if name in given}
    excused = given.get("not_applicable")
    if not (excused is None or isinstance(excused, bool)):
        raise Refused(_("not_applicable is true or false."))
    return Typed(
        **texts,
        **maps,
        not_applicable=excused,
        version=_version(given.get("version")),
    )


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("%(name)s is a text.") % {"name": name})
    if name in NUMBERS or name.startswith("parts"):
        return _number(name, value.strip())
    return value


def _number(name: str, text: str) -> str:
    if text and not PLAIN_NUMBER.fullmatch(text):
        raise RuleBroken(
            "not_plain_number",
            _("Send the number with a point and without spaces or signs, such as 1234.5."),
            name,
        )
    return text


def _map(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Refused(_("%(name)s is an object of texts.") % {"name": name})
    return {str(key): _text(name, text) for key, text in value.items()}


def _version(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isdecimal() and len(value) <= LONGEST_VERSION:
        return int(value)
    raise Refused(_("version is the number that you read with the figure."))


def _found(office: Office, period: Period, code: str) -> EntryRow:
    page = entry_page(office=office, period=period, today=timezone.localdate())
    row = next((row for row in page.rows if row.indicator.code == code), None)
    if row is None:
        raise Http404
    return row


def _state(page: EntryPage) -> dict[str, Any]:
    return {
        "office": page.office.code,
        "period": page.period.code,
        "state": page.submission.state,
        "due_on": page.window.due_on.isoformat() if page.window else None,
        "done": page.done,
        "due": len(page.due_rows),
        "open": [row.indicator.code for row in page.open_rows],
    }


def _row(row: EntryRow) -> dict[str, Any]:
    """One row as it is stored; a count says how many authorities are counted to date."""
    indicator = row.indicator
    counted = row.count_to_date if indicator.kind == Indicator.Kind.COUNT else None
    return {
        "code": indicator.code,
        "kind": indicator.kind,
        "is_due": row.is_due,
        "nothing": str(row.nothing) if row.nothing else None,
        "counted": counted,
        "target": number_data(row.target),
        **_figure(row.figure),
        "checks": [
            {
                "code": check.check.code,
                "severity": str(check.check.severity),
                "message": _plain(check.sentence),
                "answer": check.answer,
                "open": check.is_open,
            }
            for check in row.checks
        ],
        "evidence": len(row.evidence),
        "illustrative": indicator.illustrative or bool(row.figure and row.figure.illustrative),
    }


def _figure(figure: Figure | None) -> dict[str, Any]:
    found = figure or Figure(version=0)
    parts = figure.parts.all() if figure else ()
    return {
        **{name: number_data(getattr(found, name)) for name in NUMBERS},
        **{name: getattr(found, name) for name in TEXTS if name not in NUMBERS},
        "not_applicable": found.not_applicable,
        "parts": {
            f"{part.category.axis.code}:{part.category.code}": number_data(part.value)
            for part in parts
        },
        "version": found.version,
    }


def _plain(sentence: str | Promise) -> str:
    return str(sentence)
