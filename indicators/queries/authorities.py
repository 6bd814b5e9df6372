"""The register as its pages show it: the list, one entry, entries that may be the same."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from indicators.models import Achievement, Authority, AuthorityName, Distinction, Submission
from indicators.queries.register import named_like, names_in
from indicators.queries.standing import APPROVED
from indicators.rules.names import NameIndex, search_words
from organization.models import AuditEntry, Country

SUGGESTED = 10
PAIRS = 100


@dataclass(frozen=True)
class Suggestion:
    """An entry to choose while a name is typed; `found_by` is the name that fits, if another."""

    authority: Authority
    found_by: str


def suggestions(*, asked: str, country: str = "") -> list[Suggestion]:
    """At most ten entries that fit what was typed so far, in one country (ISO3) or in all.

    An entry merged into another stands for that other. Two queries.
    """
    rows = named_like(asked)
    if country:
        rows = rows.filter(country__iso3=country)
    found: dict[int, Suggestion] = {}
    for row in _with_names(rows)[:SUGGESTED]:
        stays = row.merged_into or row
        name = row.name if row.merged_into else _found_by(row, asked)
        found.setdefault(stays.pk, Suggestion(stays, "" if name == stays.name else name))
    return list(found.values())


def _with_names(rows: QuerySet[Authority]) -> QuerySet[Authority]:
    return rows.prefetch_related(Prefetch("names", to_attr="other_names"))


def _found_by(row: Authority, asked: str) -> str:
    """The name of an entry that holds what was typed; its own, if that does."""
    wanted = search_words(asked)
    names = [(row.name, row.match_key)]
    names += [(one.name, one.match_key) for one in getattr(row, "other_names", ())]
    fit = (name for name, key in names if all(word in key for word in wanted))
    return next(fit, row.name)


def register_list(*, asked: str = "", country: str = "", type: str = "") -> QuerySet[Authority]:
    """The entries of the register that fit, each with `other_names`; two queries a page."""
    rows = named_like(asked) if asked.strip() else _all()
    if country:
        rows = rows.filter(country__iso3=country)
    if type:
        rows = rows.filter(type=type)
    return _with_names(rows)


def _all() -> QuerySet[Authority]:
    rows = Authority.objects.select_related("country", "merged_into__country")
    return rows.order_by("name", "pk")


def countries_of_register() -> list[Country]:
    """The countries and areas that have an entry. One query."""
    return list(Country.objects.filter(authorities__isnull=False).distinct())


@dataclass(frozen=True)
class Pair:
    """Two entries that look alike and that nobody has told apart or merged."""

    first: Authority
    second: Authority


def possible_duplicates() -> tuple[list[Pair], int]:
    """The first hundred pairs by name, and how many there are. Four queries."""
    standing = Authority.objects.filter(merged_into=None).order_by()
    country_of = dict(standing.values_list("pk", "country_id"))
    by_country: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for key, number in names_in(None):
        if number in country_of:
            by_country[country_of[number]].append((key, number))
    told_apart = set(Distinction.objects.values_list("first_id", "second_id"))
    pairs = set()
    for names in by_country.values():
        index = NameIndex(names)
        for key, number in names:
            pairs |= {(min(number, n), max(number, n)) for n in index.like(key) if n != number}
    pairs -= told_apart
    entries = {row.pk: row for row in _all().filter(pk__in={n for pair in pairs for n in pair})}
    found = [Pair(entries[first], entries[second]) for first, second in pairs]
    found.sort(key=lambda pair: (pair.first.name, pair.second.name, pair.first.pk))
    return found[:PAIRS], len(found)


@dataclass(frozen=True)
class Counted:
    """An achievement as the page of its authority shows it."""

    row: Achievement
    approved: bool


@dataclass(frozen=True)
class AuthorityPage:
    """One entry of the register with all that is known of it. A fixed number of queries.

    `achievements` are those of the entry and of what is merged into it, by indicator; drafts only
    of offices whose drafts the reader may see.
    """

    authority: Authority
    names: tuple[AuthorityName, ...]
    merged: tuple[Authority, ...]
    achievements: Mapping[str, tuple[Counted, ...]]
    alike: tuple[Authority, ...]
    distinctions: tuple[Distinction, ...]
    history: tuple[AuditEntry, ...]


def is_approved() -> Exists:
    """True for an achievement whose office and year are approved."""
    return Exists(
        Submission.objects.filter(
            office=OuterRef("office"), period=OuterRef("period"), state__in=APPROVED
        )
    )


def authority_page(*, authority: Authority, offices: Collection[int] | None) -> AuthorityPage:
    """The page of an entry for somebody who may see the drafts of these offices (None: of all)."""
    merged = tuple(authority.merged.select_related("country").order_by("name"))
    apart = tuple(
        Distinction.objects.filter(Q(first=authority) | Q(second=authority))
        .select_related("first", "second", "decided_by")
        .order_by("decided_at", "pk")
    )
    return AuthorityPage(
        authority=authority,
        names=tuple(authority.names.all()),
        merged=merged,
        achievements=_achievements([authority, *merged], offices),
        alike=_alike(authority, apart),
        distinctions=apart,
        history=_history(authority),
    )


def _achievements(
    entries: Sequence[Authority], offices: Collection[int] | None
) -> dict[str, tuple[Counted, ...]]:
    rows = (
        Achievement.objects.filter(authority__in=entries)
        .annotate(approved=is_approved())
        .select_related("indicator", "office", "period", "authority")
        .order_by("indicator__ordinal", "indicator__code", "achieved_on", "pk")
    )
    if offices is not None:
        rows = rows.filter(Q(approved=True) | Q(office__in=offices))
    found: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        found[row.indicator.code].append(Counted(row, row.approved))
    return {code: tuple(counted) for code, counted in found.items()}


def indicators_of(
    entries: Sequence[Authority], *, offices: Collection[int] | None
) -> dict[int, list[str]]:
    """By entry: the codes of the indicators that it counts for, as far as the reader may see.

    One query.
    """
    rows = Achievement.objects.filter(authority__in=entries).annotate(approved=is_approved())
    if offices is not None:
        rows = rows.filter(Q(approved=True) | Q(office__in=offices))
    found: dict[int, list[str]] = defaultdict(list)
    codes = rows.order_by("indicator__ordinal", "indicator__code")
    for number, code in codes.values_list("authority_id", "indicator__code"):
        if code not in found[number]:
            found[number].append(code)
    return dict(found)


def _alike(authority: Authority, distinctions: Sequence[Distinction]) -> tuple[Authority, ...]:
    """Entries of the same country that look like this one and still stand."""
    if authority.merged_into_id is not None:
        return ()
    index = NameIndex(names_in([authority.country_id]))
    keys = [authority.match_key, *(one.match_key for one in authority.names.all())]
    near: set[int] = set().union(*(index.like(key) for key in keys))
    near -= {one for pair in distinctions for one in (pair.first_id, pair.second_id)}
    rows = _all().filter(pk__in=near - {authority.pk}, merged_into=None)
    return tuple(_with_names(rows))


def _history(authority: Authority) -> tuple[AuditEntry, ...]:
    """What was recorded of an entry, by itself or within a file, newest first."""
    own = Q(subject_type="indicators.authority", subject_id=str(authority.pk))
    in_file = Q(action="import authorities", changes__has_key=str(authority.pk))
    rows = AuditEntry.objects.filter(own | in_file).select_related("by")
    return tuple(rows.order_by("-number"))


def counted_by_others(
    *, achievements: Sequence[Achievement], offices: Collection[int] | None
) -> dict[int, list[str]]:
    """By authority that stands: the codes of the other offices that count it as well.

    The achievements are those of one office and indicator. Others count if they are approved, or
    if the reader may see the drafts of their office. One query.
    """
    if not achievements:
        return {}
    stand = {row.authority.merged_into_id or row.authority_id for row in achievements}
    rows = (
        Achievement.objects.filter(indicator=achievements[0].indicator_id)
        .exclude(office=achievements[0].office_id)
        .filter(Q(authority__in=stand) | Q(authority__merged_into__in=stand))
        .annotate(approved=is_approved())
    )
    if offices is not None:
        rows = rows.filter(Q(approved=True) | Q(office__in=offices))
    found: dict[int, list[str]] = defaultdict(list)
    for merged, own, code in rows.order_by("office__ordinal", "office__code").values_list(
        "authority__merged_into_id", "authority_id", "office__code"
    ):
        if code not in found[merged or own]:
            found[merged or own].append(code)
    return dict(found)
