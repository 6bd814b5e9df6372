"""The authorities an office counts for an indicator: composed, and changed through the services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators import messages
from indicators.forms.authorities import (
    AchievementForm,
    KnownAuthorityForm,
    NewAuthorityForm,
)
from indicators.models import Achievement, Authority, Indicator, Submission
from indicators.pages.decisions import number_in
from indicators.pages.entry import lock_sentence
from indicators.pages.evidence import evidence_panel
from indicators.pages.number_words import begin, in_words
from indicators.pages.row import find_row
from indicators.permissions import may_enter, readable_offices
from indicators.queries import lock_on
from indicators.queries.authorities import counted_by_others
from indicators.queries.history import achievements_to_date
from indicators.queries.register import alike_authorities, matching_authorities
from indicators.rules.names import match_key
from indicators.services import authorities
from indicators.services.authorities import NewAchievement
from organization.models import Country, Office, User

Changed = tuple[str, dict[str, Any]]
NONE_OF_THESE = "none"


@dataclass(frozen=True)
class Line:
    """An achievement with the other offices that count the authority too."""

    row: Achievement
    others: Sequence[str]


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
    refused: dict[str, Any] = {"known_form" if known else "new_form": form}
    if not form.is_valid():
        return "", refused
    try:
        added = authorities.add_achievement(
            indicator=indicator,
            office=office,
            period=period,
            new=_answered(form.achievement(), request.POST),
            by=_person(request),
            at=timezone.now(),
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        if broken.code in {"near_duplicates", "duplicate_authority"}:
            refused["near"] = _near(form.cleaned_data)
        if broken.code != "near_duplicates":
            form.refuse(broken)
        return "", refused
    return _counted_sentence(added, request), {}


def _answered(new: NewAchievement, form: QueryDict) -> NewAchievement:
    """With the answer to "Is it one of these?": one of those shown, or none of them."""
    answer, shown = form.get("same", ""), form.getlist("seen")
    if answer == NONE_OF_THESE:
        return replace(new, not_these=[one for one in map(number_in, shown) if one])
    if answer in shown:
        chosen = Authority.objects.filter(pk=number_in(answer) or 0).first()
        return replace(new, authority=chosen)
    return new


def _near(given: Mapping[str, Any]) -> list[Authority]:
    return alike_authorities(key=match_key(given["name"]), country=given["country"])


def _counted_sentence(added: Achievement, request: HttpRequest) -> str:
    sentence = _("%(name)s is counted for %(code)s.") % {
        "name": added.authority,
        "code": added.indicator.code,
    }
    others = counted_by_others(achievements=[added], offices=readable_offices(request.user))
    if codes := others.get(added.authority_id):
        sentence += " " + _("Also counted by %(offices)s: it counts once for the agency.") % {
            "offices": ", ".join(codes)
        }
    return sentence


def _remove(request: HttpRequest, office: Office, period: Period, indicator: Indicator) -> Changed:
    found = achievement_or_404(office, period, indicator.code, request.POST["remove"])
    try:
        authorities.remove_achievement(achievement=found, by=_person(request), at=timezone.now())
    except RuleBroken as broken:
        if broken.code != "has_evidence":
            raise
        return "", {"not_removed": broken.message}
    return _("%(name)s is taken back.") % {"name": found.authority}, {}


def achievement_or_404(office: Office, period: Period, code: str, number: int | str) -> Achievement:
    """The achievement if it belongs to this office, year and indicator."""
    own = Achievement.objects.filter(office=office, period=period, indicator__code=code)
    rows = own.select_related("authority__country", "indicator", "office", "period")
    found = rows.filter(pk=number_in(str(number)) or 0).first()
    if found is None:
        raise Http404
    return found


def correct_achievement(form: QueryDict, user: User, found: Achievement) -> AchievementForm | None:
    """Saves day, evidence and link; None if done, else the form with what is wrong."""
    typed = AchievementForm(form)
    if not typed.is_valid():
        return typed
    try:
        authorities.change_achievement(
            achievement=found, by=user, at=timezone.now(), **typed.cleaned_data
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return typed
    return None


def corrected_sentence(found: Achievement) -> str:
    """What confirms a correction."""
    return _("Saved: %(name)s.") % {"name": found.authority}


def achievement_context(
    user: User, found: Achievement, form: AchievementForm | None
) -> dict[str, Any]:
    """Everything the page of one achievement shows."""
    of_office = Submission.objects.filter(office=found.office, period=found.period).first()
    submission = of_office or Submission(office=found.office, period=found.period)
    lock = lock_on(submission, today=timezone.localdate())
    values = {name: getattr(found, name) for name in ("achieved_on", "evidence", "link")}
    return {
        "found": found,
        "form": form or AchievementForm(initial=values),
        "may_change": may_enter(user, found.office) and lock is None,
        "lock": messages.lock(lock, found.period) if lock else "",
        "illustrative": found.illustrative,
    }


def _heading(count: int) -> str:
    sentence = ngettext(
        "%(number)s authority counted to date", "%(number)s authorities counted to date", count
    )
    return begin(sentence % {"number": in_words(count)})


def _lines(rows: Sequence[Achievement], user: Any) -> list[Line]:
    others = counted_by_others(achievements=rows, offices=readable_offices(user))
    return [
        Line(row, others.get(row.authority.merged_into_id or row.authority_id, [])) for row in rows
    ]


def achievements_context(
    request: HttpRequest,
    office: Office,
    period: Period,
    code: str,
    *,
    known_form: KnownAuthorityForm | None = None,
    new_form: NewAuthorityForm | None = None,
    near: Sequence[Authority] = (),
    not_removed: str = "",
) -> dict[str, Any]:
    """Everything the template of the achievements shows."""
    page, row = find_row(office, period, code)
    indicator = row.indicator
    if indicator.kind != Indicator.Kind.COUNT:
        raise Http404
    found = _search(request, office, indicator, known_form)
    rows = achievements_to_date(office=office, indicator=indicator, until=period.year)
    return found | {
        "page": page,
        "indicator": indicator,
        "row": row,
        "heading": _heading(row.count_to_date),
        "lines": _lines(rows, request.user),
        "known_form": known_form or KnownAuthorityForm(auto_id="known_%s"),
        "new_form": new_form
        or NewAuthorityForm(initial=_initial(found["asked"], found["country"])),
        "new_open": new_form is not None or bool(found["asked"] and not found["matches"]),
        "near": near,
        "asked_again": "seen" in request.POST,
        "not_removed": not_removed,
        "may_add": may_enter(request.user, office) and page.lock is None,
        "lock": lock_sentence(page),
        "panel": evidence_panel(
            request.user,
            office,
            period,
            indicator,
            locked=page.lock is not None,
            back="achievements",
        ),
        "illustrative": indicator.illustrative or any(one.illustrative for one in rows),
    }


def _search(
    request: HttpRequest, office: Office, indicator: Indicator, form: KnownAuthorityForm | None
) -> dict[str, Any]:
    """What was looked for in the register and found, and the entry chosen before."""
    typed = request.POST if request.method == "POST" else request.GET
    asked, country = typed.get("q", "").strip()[:200], typed.get("in", "")[:3]
    matches, more = matching_authorities(
        asked=asked, country=country, office=office, indicator=indicator
    )
    chosen = form["authority"].value() if form else None
    return {
        "asked": asked,
        "country": country,
        "countries": Country.objects.all(),
        "matches": matches,
        "more": more,
        "chosen": _chosen(chosen, {match.authority.pk for match in matches}),
    }


def _initial(asked: str, country: str) -> dict[str, Any]:
    chosen = Country.objects.filter(iso3=country).first() if country else None
    return {"name": asked, "country": chosen}


def _chosen(value: Any, shown: set[int]) -> Authority | None:
    """The entry chosen before the form came back, if the search does not show it."""
    number = number_in(str(value))
    if number is None or number in shown:
        return None
    return Authority.objects.filter(pk=number).select_related("country").first()
