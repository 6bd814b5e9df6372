"""The register of authorities in words: the list, one entry, what is said of it and changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.authorities import CorrectionForm, OtherNameForm
from indicators.forms.plain import PlainForm
from indicators.models import Authority
from indicators.pages.change_words import Told as Change
from indicators.pages.decisions import number_in
from indicators.pages.number_words import begin, in_words
from indicators.permissions import readable_offices
from indicators.queries.authorities import (
    AuthorityPage,
    Counted,
    Pair,
    authority_page,
    countries_of_register,
    indicators_of,
    possible_duplicates,
    register_list,
    suggestions,
)
from indicators.services import authorities
from organization.kept import kept
from organization.models import AuditEntry, Country, Office, Role, User
from organization.permissions import holds

A_PAGE = 50
SEARCHED = 5
ACTIONS = {
    "register authority": gettext_lazy("Registered"),
    "import authorities": gettext_lazy("Entered by a file"),
    "add name": gettext_lazy("Other name added"),
    "remove name": gettext_lazy("Other name taken off"),
    "correct authority": gettext_lazy("Corrected"),
    "merge authorities": gettext_lazy("Authorities merged"),
    "undo merge": gettext_lazy("Merge taken back"),
    "tell authorities apart": gettext_lazy("Found to be two authorities"),
}
FIELDS = {
    "name": gettext_lazy("Name"),
    "other name": gettext_lazy("Other name"),
    "other names": gettext_lazy("Other names"),
    "type": gettext_lazy("Type"),
    "country": gettext_lazy("Country or area"),
    "country_id": gettext_lazy("Country or area"),
    "merged into": gettext_lazy("Merged into"),
    "not the same as": gettext_lazy("Not the same as"),
}
Changed = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class ByIndicator:
    """What an authority achieved on one indicator, and which offices count it."""

    code: str
    title: Any
    lines: Sequence[Counted]
    offices: Sequence[Office]

    @property
    def shared(self) -> bool:
        """True if more than one office counts it."""
        return len(self.offices) > 1


@dataclass(frozen=True)
class Event:
    """One entry of the history in words."""

    entry: AuditEntry
    action: str
    changes: Sequence[Change]


def suggested(asked: QueryDict) -> list[dict[str, Any]]:
    """What the list under the field shows while a name is typed."""
    found = suggestions(asked=asked.get("q", "")[:200], country=asked.get("country", "")[:3])
    return [
        {
            "id": one.authority.pk,
            "name": one.authority.name,
            "about": f"{one.authority.get_type_display()}, {one.authority.country.name}",
            "found_by": one.found_by,
        }
        for one in found
    ]


def register_context(user: User, asked: QueryDict) -> dict[str, Any]:
    """The list of the register; or, asked for duplicates, the pairs that look alike."""
    name = asked.get("q", "").strip()[:200]
    chosen = {"country": asked.get("country", "")[:3], "type": asked.get("type", "")[:12]}
    rows = register_list(asked=name, **chosen)
    page = Paginator(rows, A_PAGE).get_page(asked.get("page"))
    found = page.paginator.count
    pairs: list[Pair] = []
    all_pairs = 0
    duplicates = asked.get("show") == "duplicates"
    if duplicates:
        pairs, all_pairs = kept(("possible duplicates",), possible_duplicates)
    heading = ngettext(
        "%(number)s authority in the register", "%(number)s authorities in the register", found
    )
    alike = ngettext(
        "%(number)s pair of entries may be the same",
        "%(number)s pairs of entries may be the same",
        all_pairs,
    )
    shown, count = (alike, all_pairs) if duplicates else (heading, found)
    none = _("No two names look alike") if duplicates else _("No authority in the register fits")
    return {
        "heading": begin(shown % {"number": in_words(count)}) if count else none,
        "page": page,
        "asked": name,
        **chosen,
        "countries": countries_of_register(),
        "types": Authority.Type.choices,
        "duplicates": duplicates,
        "pairs": pairs,
        "more_pairs": all_pairs - len(pairs),
        "may_merge": holds(user, Role.QUALITY_ASSURANCE),
        "illustrative": any(one.illustrative for one in page)
        or any(pair.first.illustrative for pair in pairs),
    }


def entry_or_404(number: int) -> Authority:
    """The entry of the register with that number."""
    rows = Authority.objects.select_related("country", "merged_into__country")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def change_entry(form: QueryDict, user: User, entry: Authority) -> Changed:
    """Carries out what was asked; the sentence that confirms it, or what was refused."""
    changes = {
        "add-name": _add_name,
        "remove-name": _remove_name,
        "correct": _correct,
        "merge": _merge,
        "merge-here": _merge_here,
        "apart": _apart,
        "undo": _undo,
    }
    carry_out = changes.get(form.get("do", ""))
    if carry_out is None:
        raise Http404
    try:
        return carry_out(form, user, entry)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", {"refused": broken.message, "typed": form}


def _refusing(form: PlainForm, key: str, save: Any) -> dict[str, Any]:
    """Saves what a form holds; empty if done, else the form under its key."""
    if not form.is_valid():
        return {key: form}
    try:
        save(form.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return {key: form}
    return {}


def _add_name(form: QueryDict, user: User, entry: Authority) -> Changed:
    def save(given: Mapping[str, Any]) -> None:
        authorities.add_name(authority=entry, by=user, at=timezone.now(), **given)

    refused = _refusing(OtherNameForm(form, auto_id="other_%s"), "name_form", save)
    return ("" if refused else _("Saved."), refused)


def _correct(form: QueryDict, user: User, entry: Authority) -> Changed:
    def save(given: Mapping[str, Any]) -> None:
        authorities.correct_authority(authority=entry, by=user, at=timezone.now(), **given)

    refused = _refusing(CorrectionForm(form, auto_id="entry_%s"), "entry_form", save)
    return ("" if refused else _("Saved."), refused)


def _remove_name(form: QueryDict, user: User, entry: Authority) -> Changed:
    number = form.get("name", "")
    name = entry.names.filter(pk=number_in(number) or 0).first()
    if name is None:
        raise Http404
    authorities.remove_name(name=name, by=user, at=timezone.now())
    return _("Saved."), {}


def _other(form: QueryDict) -> Authority:
    return entry_or_404(number_in(form.get("other", "")) or 0)


def _merge(form: QueryDict, user: User, entry: Authority) -> Changed:
    return _merged(entry, _other(form), form, user)


def _merge_here(form: QueryDict, user: User, entry: Authority) -> Changed:
    return _merged(_other(form), entry, form, user)


def _merged(duplicate: Authority, into: Authority, form: QueryDict, user: User) -> Changed:
    reason = form.get("reason", "")
    authorities.merge(duplicate=duplicate, into=into, by=user, at=timezone.now(), reason=reason)
    sentence = _("%(name)s now counts as %(other)s.") % {"name": duplicate, "other": into}
    return sentence, {}


def _apart(form: QueryDict, user: User, entry: Authority) -> Changed:
    other, reason = _other(form), form.get("reason", "")
    authorities.distinguish(one=entry, other=other, by=user, at=timezone.now(), reason=reason)
    sentence = _("%(name)s and %(other)s are kept as two authorities.")
    return sentence % {"name": entry, "other": other}, {}


def _undo(form: QueryDict, user: User, entry: Authority) -> Changed:
    reason = form.get("reason", "")
    authorities.undo_merge(authority=entry, by=user, at=timezone.now(), reason=reason)
    return _("%(name)s counts by itself again.") % {"name": entry}, {}


def authority_context(
    user: User,
    entry: Authority,
    asked: QueryDict,
    *,
    refused: str = "",
    typed: QueryDict | None = None,
    name_form: OtherNameForm | None = None,
    entry_form: CorrectionForm | None = None,
) -> dict[str, Any]:
    """Everything the page of one entry shows."""
    found = authority_page(authority=entry, offices=readable_offices(user))
    may_merge = holds(user, Role.QUALITY_ASSURANCE)
    search = asked.get("with", "").strip()[:200]
    others = [*found.alike, *_searched(search, entry, found)] if may_merge else [*found.alike]
    counted = indicators_of([entry, *others], offices=readable_offices(user))
    initial = {"name": entry.name, "type": entry.type, "country": entry.country_id}
    return {
        "entry": entry,
        "found": found,
        "indicators": by_indicator(found.achievements),
        "deck": f"{begin(entry.get_type_display())}, {entry.country.name}",
        "others": [(other, counted.get(other.pk, [])) for other in others],
        "counted_for": counted.get(entry.pk, []),
        "search": search,
        "distinctions": [
            (pair.second if pair.first_id == entry.pk else pair.first, pair)
            for pair in found.distinctions
        ],
        "history": told(found.history, entry),
        "refused": refused,
        "typed": typed or QueryDict(),
        "name_form": name_form or OtherNameForm(auto_id="other_%s"),
        "entry_form": entry_form or CorrectionForm(initial=initial, auto_id="entry_%s"),
        "entry_open": entry_form is not None,
        "may_merge": may_merge,
        "may_name": may_merge or holds(user, Role.CONTRIBUTOR),
        "illustrative": entry.illustrative,
    }


def _searched(search: str, entry: Authority, found: AuthorityPage) -> list[Authority]:
    """Further entries to compare with, by a name that somebody looks for."""
    if not search:
        return []
    known = {entry.pk, *(one.pk for one in found.alike)}
    rows = register_list(asked=search).filter(merged_into=None)[:SEARCHED]
    return [row for row in rows if row.pk not in known]


def by_indicator(achievements: Mapping[str, Sequence[Counted]]) -> list[ByIndicator]:
    """The achievements with the offices that count the authority for each indicator."""
    return [
        ByIndicator(
            code=code,
            title=lines[0].row.indicator.title,
            lines=lines,
            offices=list({line.row.office_id: line.row.office for line in lines}.values()),
        )
        for code, lines in achievements.items()
    ]


def told(entries: Iterable[AuditEntry], entry: Authority) -> list[Event]:
    """The history in words: what was done, and of each field what it was and is."""
    rows = [(one, _changes_of(one, entry)) for one in entries]
    numbers = {
        number
        for _entry, changes in rows
        for field, pair in changes.items()
        if field in {"merged into", "not the same as"}
        for value in pair
        for number in (value if isinstance(value, list) else [value])
        if isinstance(number, int)
    }
    names = dict(Authority.objects.filter(pk__in=numbers).values_list("pk", "name"))
    places = {one.pk: one for one in Country.objects.all()} if _moved(rows) else {}
    by_code = {one.iso3: str(one.name) for one in places.values()}
    words: dict[str, Mapping[Any, Any]] = {
        "merged into": names,
        "not the same as": names,
        "country_id": {number: str(one.name) for number, one in places.items()},
        "country": by_code,
        "type": dict(Authority.Type.choices),
    }
    return [
        Event(
            one,
            str(ACTIONS.get(one.action, one.action)),
            [
                Change(
                    str(FIELDS.get(field, field)),
                    _shown(before, words.get(field, {})),
                    _shown(after, words.get(field, {})),
                )
                for field, (before, after) in changes.items()
            ],
        )
        for one, changes in rows
    ]


def _moved(rows: Sequence[tuple[AuditEntry, Mapping[str, Any]]]) -> bool:
    return any({"country", "country_id"} & changes.keys() for _entry, changes in rows)


def _changes_of(one: AuditEntry, entry: Authority) -> Mapping[str, Any]:
    """The changes of an entry; of a file, the part that belongs to it."""
    if one.action != "import authorities":
        changes: Mapping[str, Any] = one.changes
        return changes
    _before, after = one.changes[str(entry.pk)]
    return {field: [None, value] for field, value in after.items()}


def _shown(value: Any, words: Mapping[Any, Any]) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_shown(one, words) for one in value)
    return str(words.get(value, value))
