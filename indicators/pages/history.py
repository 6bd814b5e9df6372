"""Everything recorded of one figure in words: who, when, from, to, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from focus_areas.models import Period
from indicators.models import Indicator
from indicators.pages.change_words import Names, Told, part_names, told, told_all
from indicators.permissions import may_enter, readable_offices
from indicators.queries.changes import authority_names
from indicators.queries.history import figure_trail, is_illustrative
from indicators.queries.remarks import threads_on
from indicators.queries.standing import Standing
from organization.models import AuditEntry, Office, Role, User
from organization.permissions import holds

ACTIONS = {
    "enter figure": gettext_lazy("Entered"),
    "import figures": gettext_lazy("Entered by a file"),
    "import achievements": gettext_lazy("Authorities entered by a file"),
    "correct figure": gettext_lazy("Corrected after approval"),
    "correct count": gettext_lazy("Corrected after approval"),
    "add achievement": gettext_lazy("Authority added"),
    "change achievement": gettext_lazy("Authority: details changed"),
    "remove achievement": gettext_lazy("Authority taken back"),
    "merge authorities": gettext_lazy("Authorities merged"),
    "undo merge": gettext_lazy("Merge taken back"),
    "add evidence": gettext_lazy("Evidence added"),
    "retire evidence": gettext_lazy("Evidence retired"),
    "submit submission": gettext_lazy("Submitted"),
    "withdraw submission": gettext_lazy("Withdrawn"),
    "return submission": gettext_lazy("Returned"),
    "approve submission": gettext_lazy("Approved"),
    "verify submission": gettext_lazy("Verified"),
    "note on figure": gettext_lazy("Note on return"),
    "ask about figure": gettext_lazy("Question"),
    "answer remark": gettext_lazy("Answer"),
    "settle remark": gettext_lazy("Settled"),
    "load submission": gettext_lazy("Loaded"),
}


@dataclass(frozen=True)
class Event:
    """One entry of the trail: what was done, what it was about, what changed, and why."""

    entry: AuditEntry
    action: str
    about: str
    changes: tuple[Told, ...]


def _achieved(values: Any, names: Names, indicator: Indicator) -> dict[str, str]:
    """What an import keeps of authorities, by their name."""
    if not isinstance(values, list):
        return {}
    return {
        str(one.get("authority", "")): "; ".join(
            change.after
            for name, value in one.items()
            if name != "authority" and (change := told(indicator, name, None, value, names)).after
        )
        for one in values
        if isinstance(one, dict)
    }


def _imported(indicator: Indicator, pair: Any, names: Names) -> tuple[Told, ...]:
    """The part of an import that belongs to one indicator."""
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004  # from and to
        return ()
    before, after = pair
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before or {}, after or {}
        fields: Mapping[str, Any] = {
            name: [old.get(name), new.get(name)] for name in {**old, **new}
        }
        return told_all(indicator, fields, names)
    old_ones = _achieved(before, names, indicator)
    new_ones = _achieved(after, names, indicator)
    return tuple(
        Told(name, old_ones.get(name, ""), new_ones.get(name, ""))
        for name in {**old_ones, **new_ones}
    )


def _event(entry: AuditEntry, indicator: Indicator, names: Names) -> Event:
    changes: Mapping[str, Any] = entry.changes
    if indicator.code in changes:
        worded = _imported(indicator, changes[indicator.code], names)
    else:
        worded = told_all(indicator, changes, names)
    # An achievement is labelled "code: authority (office)": the authority says what it is about.
    about = ""
    if entry.subject_type == "indicators.achievement":
        about = entry.subject_label.removeprefix(f"{indicator.code}: ")
    elif entry.subject_type in {"indicators.authority", "indicators.evidence"}:
        about = entry.subject_label
    return Event(entry, str(ACTIONS.get(entry.action, entry.action)), about, worded)


def _authorities(entries: tuple[AuditEntry, ...]) -> set[int]:
    """The ids of the authorities that the entries speak of."""
    return {
        int(value)
        for entry in entries
        for name in ("authority", "merged into")
        for value in entry.changes.get(name) or []
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    }


def offices_to_open(user: User, standing: Standing, offices: Mapping[str, Office]) -> list[Office]:
    """The offices that report on an indicator and whose own history this person may open."""
    readable = readable_offices(user)
    total = standing.actual
    codes = dict.fromkeys(
        [*(line.key for line in total.lines), *(gap.key for gap in total.left_out)]
    )
    found = [offices[code] for code in codes if code in offices]
    return [office for office in found if readable is None or office.pk in readable]


def history_context(
    user: User, office: Office, period: Period, indicator: Indicator, *, page: int
) -> dict[str, Any]:
    """Everything the history of one figure shows."""
    trail = figure_trail(office=office, period=period, indicator=indicator, page=page)
    names = Names(part_names(indicator), authority_names(_authorities(trail.entries)))
    return {
        "office": office,
        "period": period,
        "indicator": indicator,
        "trail": trail,
        "events": [_event(entry, indicator, names) for entry in trail.entries],
        "earlier": trail.page + 1 if trail.page < trail.pages else None,
        "later": trail.page - 1 if trail.page > 1 else None,
        "threads": threads_on(office=office, period=period, indicator=indicator),
        "officer": holds(user, Role.QUALITY_ASSURANCE),
        "own_office": may_enter(user, office),
        "heading": _("History of %(code)s") % {"code": indicator.code},
        "illustrative": is_illustrative(office=office, period=period, indicator=indicator),
    }
