"""The API by which whoever owns an action reports on it: the services of the pages, no others."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluations.models import FollowUpState, Recommendation
from evaluations.permissions import is_of_secretariat, seen_by
from evaluations.queries.recommendations import Acted, one_recommended
from evaluations.services import follow_ups
from evaluations.services.follow_up_evidence import require_owner
from habitat_plan.kit.errors import RuleBroken
from indicators.api.entry import ExactJSON, Refused, refusal
from organization.authentication import ByAccessKey, BySession
from organization.models import User

FIELDS = frozenset({"kind", "state", "text", "reason", "on", "revision"})
TEXTS = ("kind", "state", "text", "reason", "on")
NUMBER = re.compile(r"[0-9]{1,9}")


class FollowUps(APIView):  # type: ignore[misc]  # the framework has no types
    """What was reported of one action, and reporting more, for the secretariat."""

    authentication_classes = (ByAccessKey, BySession)
    parser_classes = (ExactJSON,)

    def get(self, request: Request, code: str, number: int) -> Response:
        """The action with its revision and all that was reported of it."""
        return Response(_data(self.acted(request, code, number)))

    def post(self, request: Request, code: str, number: int) -> Response:
        """`progress` reports how far it is, `propose` that it is done; the action afterwards."""
        acted = self.acted(request, code, number)
        require_owner(request.user, acted.action)
        given = _given(request.data)
        sent = {
            "action": acted.action,
            "text": given["text"],
            "on": _day(given["on"]),
            "seen_revision": given["revision"],
            "by": request.user,
            "at": timezone.now(),
        }
        if given["kind"] == "propose":
            follow_ups.propose(**sent)
        else:
            follow_ups.report(**sent, state=_state(given["state"]), reason=given["reason"])
        return Response(_data(self.acted(request, code, number)))

    def acted(self, request: Request, code: str, number: int) -> Acted:
        """The action. 401 without a sign-in, 404 for who does not read what offices report."""
        if not isinstance(request.user, User):
            self.permission_denied(request)
        today = timezone.localdate()
        rows = Recommendation.objects.filter(seen_by(request.user, on=today, prefix="evaluation__"))
        found = one_recommended(code, rows, on=today) if is_of_secretariat(request.user) else None
        actions = found.actions if found else ()
        acted = next((one for one in actions if one.action.number == number), None)
        if acted is None:
            raise Http404
        return acted

    def handle_exception(self, exc: Exception) -> Response:
        """Refusals in words, with the status that says of which sort they are."""
        if isinstance(exc, Refused):
            return Response({"code": "not_understood", "message": str(exc)}, status=400)
        if isinstance(exc, RuleBroken):
            return refusal(exc)
        response: Response = super().handle_exception(exc)
        return response


def _given(sent: Any) -> dict[str, Any]:
    """The object that was sent. Refuses what is none, and every field that is not known."""
    if not isinstance(sent, Mapping):
        raise Refused(_("Send one JSON object."))
    unknown = sorted(str(name) for name in set(sent) - FIELDS)
    if unknown:
        raise Refused(
            _("%(unknown)s: no such field. Use: %(known)s.")
            % {"unknown": ", ".join(unknown)[:200], "known": ", ".join(sorted(FIELDS))}
        )
    given = {name: sent.get(name, "") for name in TEXTS}
    for name, value in given.items():
        if not isinstance(value, str):
            raise Refused(_("%(name)s is a text.") % {"name": name})
    if given["kind"] not in {"progress", "propose"}:
        raise Refused(_("Send a kind: progress or propose."))
    if given["kind"] == "propose" and (given["state"] or given["reason"]):
        raise Refused(_("A proposal has no state and no reason: it says that the action is done."))
    return given | {"revision": _revision(sent.get("revision"))}


def _revision(value: Any) -> int:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return int(value)
    raise Refused(_("revision is the number that you read with the action."))


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("on is a day, such as 2018-01-31.")) from error


def _state(code: str) -> FollowUpState:
    found = FollowUpState.objects.filter(code=code, retired_on__isnull=True).first()
    if found is None:
        codes = FollowUpState.objects.filter(
            retired_on__isnull=True, phase__in=["not_started", "in_progress"]
        ).values_list("code", flat=True)
        raise Refused(_("Send a state: %(codes)s.") % {"codes": ", ".join(codes)})
    return found


def _data(acted: Acted) -> dict[str, Any]:
    """The action and its entries. Who reported is on the page, and not here."""
    one = acted.action
    return {
        "recommendation": one.recommendation.code,
        "number": one.number,
        "office": one.office.code,
        "revision": one.revision,
        "phase": acted.phase,
        "state": acted.state.code,
        "due_on": acted.due_on,
        "illustrative": one.recommendation.illustrative,
        "follow_ups": [
            {
                "number": step.number,
                "kind": step.kind,
                "on": step.on,
                "at": step.at,
                "before": step.before.code,
                "after": step.after.code,
                "due_on": step.due_after,
                "text": step.text,
                "reason": step.reason,
            }
            for step in acted.follow_ups
        ],
    }
