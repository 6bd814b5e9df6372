"""The register as many lines are read against it: loaded once, with what the lines add to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Authority
from indicators.queries.register import entries_with_names
from indicators.rules.names import NameIndex, match_key
from indicators.services.authorities.register import looks_like, read_name, require_type
from organization.models import Country


class Places:
    """The countries by everything that people call them: ISO3 code, M49 number, six languages."""

    def __init__(self) -> None:
        self._called: dict[str, set[Country]] = defaultdict(set)
        for country in Country.objects.all():
            for text in (country.iso3, country.m49, *map(str, country.name)):
                self._called[match_key(text)].add(country)

    def read(self, text: str) -> Country | None:
        """The country that a text names; None for a blank.

        Raises RuleBroken `unknown_country` if it names none, or more than one.
        """
        if not text.strip():
            return None
        found = self.find(text)
        if found is None:
            raise RuleBroken(
                "unknown_country",
                _("“%(text)s” is not a country or area of the list. Write its name or its code.")
                % {"text": text.strip()},
                "country",
            )
        return found

    def find(self, text: str) -> Country | None:
        """The one country that a text names, if there is one."""
        found = self._called.get(match_key(text), set())
        return next(iter(found)) if len(found) == 1 else None


def type_words() -> dict[str, str]:
    """What the types of authorities are called: folded code or word in any language → code."""
    found = {code: code for code in Authority.Type.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {match_key(str(label)): code for code, label in Authority.Type.choices}
    return found


def lock_countries(numbers: Collection[int]) -> None:
    """Keeps others from registering authorities there until this is done; always in one order."""
    rows = Country.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    list(rows.values_list("pk", flat=True))


class KnownRegister:
    """The entries of some countries (None: of all) by name.

    What a line registers is found by the next line. An entry that is not stored yet has a number
    below zero.
    """

    def __init__(self, countries: Collection[int] | None) -> None:
        self._drafts = 0
        self.entries: dict[int, Authority] = {}
        self.names: dict[int, set[str]] = defaultdict(set)
        self._called: dict[str, set[int]] = defaultdict(set)
        self._alike: dict[int, NameIndex] = defaultdict(NameIndex)
        entries, names = entries_with_names(countries)
        for entry in entries:
            self._take(entry.pk, entry, entry.match_key)
        for number, key in names:
            self._take(number, self.entries[number], key)

    def _take(self, number: int, entry: Authority, key: str) -> None:
        self.entries[number] = entry
        self.names[number].add(key)
        self._called[key].add(number)
        self._alike[entry.country_id].add(key, number)

    def add(self, entry: Authority) -> int:
        """Takes in an entry that is still to be stored; its number."""
        self._drafts += 1
        self._take(-self._drafts, entry, entry.match_key)
        return -self._drafts

    def add_name(self, number: int, key: str) -> None:
        """Takes in another name of an entry."""
        self._take(number, self.entries[number], key)

    def standing(self, numbers: Iterable[int]) -> set[int]:
        """The entries that these stand for: merged ones by the one that stays."""
        found = set()
        for number in numbers:
            stays = self.entries[number].merged_into
            if stays is not None:
                self.entries.setdefault(stays.pk, stays)
            found.add(stays.pk if stays else number)
        return found

    def called(self, key: str, country: Country | None, type: str) -> set[int]:
        """The numbers of the entries that go by exactly this name, where and of what type named."""
        return {
            number
            for number in self._called.get(key, ())
            if (country is None or self.entries[number].country_id == country.pk)
            and type in {"", self.entries[number].type}
        }

    def owner(self, key: str, country: Country, type: str) -> int | None:
        """The entry of which this is the name itself: a country has one of a type and name."""
        return next(
            (n for n in self.called(key, country, type) if self.entries[n].match_key == key), None
        )

    def require_nothing_like(self, key: str, country: Country) -> None:
        """Raises RuleBroken `near_duplicates` if an entry goes by a name that looks like it."""
        near = self.standing(self._alike[country.pk].like(key))
        if near:
            raise looks_like(sorted((self.entries[n] for n in near), key=lambda one: one.name))

    def draft(self, *, name: str, type: str, country: Country | None, sure: bool) -> int:
        """The number of a new entry, not stored yet. `sure`: it is none of those that look alike.

        Raises RuleBroken `name_needed`, `name_too_long`, `type_needed`, `country_needed` and
        `near_duplicates`.
        """
        shown, key = read_name(name)
        place = require_country(country)
        require_type(type)
        if not sure:
            self.require_nothing_like(key, place)
        return self.add(
            Authority(
                name=shown,
                match_key=key,
                type=type,
                country=place,
                illustrative=place.illustrative,
            )
        )


def require_country(country: Country | None) -> Country:
    """The country. Raises RuleBroken `country_needed` if there is none."""
    if country is None:
        raise RuleBroken("country_needed", _("Choose the country or area."), "country")
    return country


def read_type(text: str, words: dict[str, str]) -> str:
    """The code of a typed type; "" for a blank. Raises RuleBroken `type_needed`."""
    if not text.strip():
        return ""
    code = words.get(match_key(text), text)
    require_type(code)
    return code
