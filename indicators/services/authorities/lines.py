"""Many authorities at once, as a file brings them: typed texts in, outcomes out.

The same rules as on the pages. `compare_authorities` writes nothing and says what
`enter_authorities` would do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Authority, AuthorityName, Upload
from indicators.services.authorities.known import (
    KnownRegister,
    Places,
    lock_countries,
    read_type,
    require_country,
    type_words,
)
from indicators.services.authorities.register import (
    correct_authority,
    in_register,
    read_name,
    require_type,
)
from organization.models import Country, Role, User
from organization.permissions import require
from organization.services import audit

State = Literal["new", "changed", "unchanged", "refused"]
NEW = "new"
SENTENCES = 50
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class AuthorityLine:
    """An authority as typed. Type: its code or its word in any of the six languages. Country: ISO3
    code or name in any of them. `other_names`: more names it is found by; none is taken away.

    `key` is the number of the register entry that the line is about; "" finds it by name, type and
    country; "new" says that it is none of those that look like it.
    """

    name: str
    type: str
    country: str
    other_names: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class AuthorityOutcome:
    """What became, or would become, of a line. `changes` maps a field to (from, to).

    `subject` is the entry; not stored yet if `compare_authorities` says that it is new.
    """

    line: AuthorityLine
    state: State
    subject: Authority | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: RuleBroken | None = None


class Outcome(Protocol):
    """What outcomes of all kinds of lines have."""

    @property
    def refusal(self) -> RuleBroken | None:
        """Why the line is refused, if it is."""


def refuse_if_any(outcomes: Iterable[Outcome], upload: Upload | None) -> None:
    """A file is saved whole or not at all. Raises RuleBroken `lines_refused`."""
    refused = [one.refusal for one in outcomes if one.refusal is not None]
    if upload is not None and refused:
        raise RuleBroken(
            "lines_refused",
            _("Nothing was saved. Correct what is refused, then send the file again."),
            details=tuple(one.message for one in refused[:SENTENCES]),
        )


@dataclass(frozen=True)
class _Read:
    """A line read against the register: its entry, the names to add, what is to be corrected."""

    outcome: AuthorityOutcome
    number: int = 0
    names: tuple[tuple[str, str], ...] = ()
    correction: Mapping[str, Any] = field(default_factory=dict)


def compare_authorities(
    *, lines: Iterable[AuthorityLine], by: User, at: datetime
) -> list[AuthorityOutcome]:
    """What entering these lines would do. Writes nothing."""
    return [one.outcome for one in _Reader(list(lines), by, lock=False).read()]


@transaction.atomic
def enter_authorities(
    *,
    lines: Iterable[AuthorityLine],
    by: User,
    at: datetime,
    upload: Upload | None = None,
    reason: str = "",
) -> list[AuthorityOutcome]:
    """Writes all that is not refused, in one transaction; with an upload, all or nothing.

    Raises RuleBroken `lines_refused` with the sentences if an upload holds a refused line. An
    upload leaves one audit entry, whose changes name the entries by their numbers.
    """
    reader = _Reader(list(lines), by, lock=True)
    read = reader.read()
    refuse_if_any((one.outcome for one in read), upload)
    entries = reader.known.entries
    Authority.objects.bulk_create(
        [entries[one.number] for one in read if one.number < 0], batch_size=500
    )
    AuthorityName.objects.bulk_create(
        [
            AuthorityName(authority=entries[one.number], name=name, match_key=key)
            for one in read
            for name, key in one.names
        ],
        batch_size=500,
    )
    for one in read:
        if one.correction:
            why = reason or str(upload or "")
            correct_authority(
                authority=entries[one.number], by=by, at=at, reason=why, **one.correction
            )
    _record([one.outcome for one in read], by, at, upload, reason)
    return [one.outcome for one in read]


def _record(
    outcomes: Iterable[AuthorityOutcome],
    by: User,
    at: datetime,
    upload: Upload | None,
    reason: str,
) -> None:
    """Says what was registered and which names were added; a correction has said so itself."""
    found = []
    for one in outcomes:
        changes = {
            name: pair
            for name, pair in one.changes.items()
            if one.state == "new" or name == "other names"
        }
        if one.subject is not None and changes:
            action = "register authority" if one.state == "new" else "add name"
            found.append(audit.Change(action, one.subject, changes, reason))
    if upload is not None and found:
        imported = {
            str(one.subject.pk): (None, {name: after for name, (_, after) in one.changes.items()})
            for one in found
        }
        found = [audit.Change("import authorities", upload, imported, reason)]
    audit.record_all(changes=found, by=by, at=at)


class _Reader:
    """Reads lines against the register, one after the other."""

    def __init__(self, lines: list[AuthorityLine], by: User, *, lock: bool) -> None:
        self.lines, self.by = lines, by
        self.countries, self.types = Places(), type_words()
        named = [self.countries.find(line.country) for line in lines]
        places = sorted({one.pk for one in named if one is not None})
        if lock:
            lock_countries(places)
        by_number = any(line.key.strip() not in {"", NEW} for line in lines)
        self.known = KnownRegister(None if by_number else places)
        self.seen: set[int] = set()

    def read(self) -> list[_Read]:
        """What each line comes to."""
        return [self._outcome(line) for line in self.lines]

    def _outcome(self, line: AuthorityLine) -> _Read:
        try:
            require(self.by, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
            return self._read(line)
        except RuleBroken as broken:
            return _Read(AuthorityOutcome(line, "refused", refusal=broken))

    def _read(self, line: AuthorityLine) -> _Read:
        country = require_country(self.countries.read(line.country))
        type = read_type(line.type, self.types)
        name, key = read_name(line.name)
        others = [read_name(text) for text in line.other_names if text.strip()]
        number = self._find(line.key.strip(), key, country, type)
        if number is None:
            sure = line.key.strip() == NEW
            number = self.known.draft(name=name, type=type, country=country, sure=sure)
        elif number in self.seen:
            raise RuleBroken(
                "named_twice",
                _("%(name)s stands in the file twice. Keep one of the two.") % {"name": name},
                "name",
            )
        correction = self._correction(number, line, name, type, country)
        self.seen.add(number)
        names = self._new_names(number, others)
        entry = self.known.entries[number]
        given = {"name": name, "type": type, "country": country.iso3}
        held = {"name": entry.name, "type": entry.type, "country": entry.country.iso3}
        changes: dict[str, tuple[Any, Any]] = {}
        if number < 0:
            changes = {field: (None, value) for field, value in given.items()}
        elif correction:
            changes = {f: (held[f], new) for f, new in given.items() if held[f] != new}
        if names:
            changes["other names"] = (None, [shown for shown, _key in names])
        state: State = "new" if number < 0 else "changed" if changes else "unchanged"
        outcome = AuthorityOutcome(line, state, entry, changes)
        return _Read(outcome, number, names, correction)

    def _find(self, given: str, key: str, country: Country, type: str) -> int | None:
        """The entry that a line is about: by its number, its own name, then any of its names."""
        if given not in {"", NEW}:
            is_number = given.isdecimal() and len(given) <= LONGEST_NUMBER
            if is_number and int(given) in self.known.entries:
                return int(given)
            raise RuleBroken(
                "unknown_entry",
                _("The register has no entry %(number)s. Leave it out to find it by name.")
                % {"number": given},
                "key",
            )
        owner = self.known.owner(key, country, type)
        if owner is not None or given == NEW:
            return owner
        called = self.known.called(key, country, type)
        return next(iter(called)) if len(called) == 1 else None

    def _correction(
        self, number: int, line: AuthorityLine, name: str, type: str, country: Country
    ) -> dict[str, Any]:
        """What a line that names an entry by its number says otherwise of it."""
        entry = self.known.entries[number]
        same = (entry.name, entry.type, entry.country_id) == (name, type, country.pk)
        if number < 0 or line.key.strip() in {"", NEW} or same:
            return {}
        require(self.by, Role.QUALITY_ASSURANCE)
        require_type(type)
        owner = self.known.owner(read_name(name)[1], country, type)
        if owner not in {None, number}:
            raise in_register(entry)
        return {"name": name, "type": type, "country": country}

    def _new_names(
        self, number: int, others: Iterable[tuple[str, str]]
    ) -> tuple[tuple[str, str], ...]:
        found = {key: name for name, key in others if key not in self.known.names[number]}
        for key in found:
            self.known.add_name(number, key)
        return tuple((name, key) for key, name in found.items())
