"""The authorities an office counts for an indicator: composed, and changed through the services."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.authorities import KnownAuthorityForm, NewAuthorityForm
from indicators.forms.plain import PlainForm
from indicators.models import Achievement, Indicator
from indicators.pages.entry import lock_sentence
from indicators.pages.number_words import begin, in_words
from indicators.pages.row import find_row
from indicators.permissions import may_enter
from indicators.queries.history import achievements_to_date
from indicators.queries.register import matching_authorities
from indicators.services import authorities
from organization.models import Office, User

Changed = tuple[str, dict[str, Any]]


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def change_achievements(request: HttpRequest, office: Office, period: Period, code: str) -> Changed:
    """Adds or takes back; the sentence that confirms it, or the form with what was refused."""
    indicator = Indicator.objects.filter(code=code, assignments__office=office).first()
    if indicator is None:
        raise Http404
    if "remove" in request.POST:
        return _remove(request, office, period, indicator)
    known = "register" not in request.POST
    form = (
        KnownAuthorityForm(request.POST, auto_id="known_%s")
        if known
        else NewAuthorityForm(request.POST)
    )
    refused = {"known_form" if known else "new_form": form}
    if not form.is_valid():
        return "", refused
    try:
        added = authorities.add_achievement(
            indicator=indicator,
            office=office,
            period=period,
            new=form.achievement(),
            by=_person(request),
            at=timezone.now(),
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return "", refused
    return _("%(name)s is counted for %(code)s.") % {"name": added.authority, "code": code}, {}


def _remove(request: HttpRequest, office: Office, period: Period, indicator: Indicator) -> Changed:
    own = Achievement.objects.filter(office=office, period=period, indicator=indicator)
    found = next((one for one in own if str(one.pk) == request.POST["remove"]), None)
    if found is None:
        raise Http404
    authorities.remove_achievement(achievement=found, by=_person(request), at=timezone.now())
    return _("%(name)s is taken back.") % {"name": found.authority}, {}


def _heading(count: int) -> str:
    sentence = ngettext(
        "%(number)s authority counted to date", "%(number)s authorities counted to date", count
    )
    return begin(sentence % {"number": in_words(count)})


def achievements_context(
    request: HttpRequest,
    office: Office,
    period: Period,
    code: str,
    *,
    known_form: PlainForm | None = None,
    new_form: PlainForm | None = None,
) -> dict[str, Any]:
    """Everything the template of the achievements shows."""
    page, row = find_row(office, period, code)
    if row.indicator.kind != Indicator.Kind.COUNT:
        raise Http404
    asked = (request.POST.get("q") or request.GET.get("q") or "").strip()[:200]
    matches, more = matching_authorities(asked=asked, office=office, indicator=row.indicator)
    rows = achievements_to_date(office=office, indicator=row.indicator, until=period.year)
    return {
        "page": page,
        "indicator": row.indicator,
        "row": row,
        "heading": _heading(row.count_to_date),
        "achievements": rows,
        "asked": asked,
        "matches": matches,
        "more": more,
        "known_form": known_form or KnownAuthorityForm(auto_id="known_%s"),
        "new_form": new_form or NewAuthorityForm(initial={"name": asked}),
        "new_open": new_form is not None or bool(asked and not matches),
        "may_add": may_enter(request.user, office) and page.lock is None,
        "lock": lock_sentence(page),
        "illustrative": row.indicator.illustrative or any(a.illustrative for a in rows),
    }
