"""Names of authorities: how they are compared, and when two of them look like one authority.

Nothing here is turned from one script into another: a name in Arabic is compared with names in
Arabic only. An authority known in two scripts carries both names in the register.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import permutations

# Names of kinds of authorities, and words that join names. They say what an authority is, not
# which one: "City of Alba" and "Alba Municipality" look like one.
_KINDS = """
    city cities town township municipality municipal council county district borough ward village
    metropolitan metropolis metro prefecture commune province provincial region regional state
    governorate government authority ministry department local subnational national republic
    of the and for in
    ville mairie municipalite communaute urbaine agglomeration departement prefecture gouvernorat
    gouvernement ministere region autorite locale nationale conseil communal
    de du des d la le les l et pour en
    ciudad municipio municipalidad ayuntamiento alcaldia provincia departamento region estado
    gobierno gobernacion ministerio comuna distrito intendencia consejo autoridad
    del el los las y para
    город города городской городская городское городу г муниципалитет муниципальное муниципального
    муниципальный муниципальная образование образования мэрия администрация администрации область
    области район района районная округ округа край края республика республики правительство
    министерство совет и по
    مدينه بلديه محافظه ولايه وزاره حكومه اقليم مجلس امانه منطقه مقاطعه بلديات محلي محليه وطني وطنيه
    """
# What a Chinese name ends in to say what the authority is.
_ENDINGS = (
    "人民政府",
    "市政府",
    "自治区",
    "自治州",
    "政府",
    "市",
    "省",
    "县",
    "区",
    "州",
    "镇",
    "乡",
)
_SHORT = {
    "st": "saint", "ste": "sainte", "sta": "santa", "sto": "santo", "mt": "mount", "ft": "fort",
}  # fmt: skip
# Arabic letters that people write one for the other at the end of a word, and the mere stroke.
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None})
_ARTICLE = "ال"
_EXACT, _ONE_SLIP = 4, 9  # letters up to which a word must be the same, or may differ by one slip
_MOST_SLIPS = 2
_MANY_WORDS = 4


def match_key(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and doubled spaces.

    Signs that carry a vowel (Devanagari, Thai) belong to the word and stay.
    """
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_ARABIC)
    letters = "".join(map(_folded, unicodedata.normalize("NFKD", folded)))
    return " ".join(letters.split())


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or unicodedata.combining(character):
        return ""
    return character if character.isalnum() or category[0] == "M" else " "


def search_words(text: str) -> tuple[str, ...]:
    """The words to look for of what somebody typed: those that tell, if others stand by them."""
    typed = match_key(text).split()
    telling = tuple(word for word in typed if _stem(word) not in GENERIC)
    return telling or tuple(typed)


@lru_cache(maxsize=50_000)
def words(key: str) -> tuple[str, ...]:
    """The words of a folded name that say which authority it is; all of them if none else does."""
    found = [_stem(word) for word in key.split()]
    telling = tuple(word for word in found if word not in GENERIC)
    return telling or tuple(found)


def _stem(word: str) -> str:
    word = _SHORT.get(word, word)
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
        word = word.removeprefix(_ARTICLE)
    while _is_chinese(word) and (ending := next((e for e in _ENDINGS if _tells(word, e)), "")):
        word = word.removesuffix(ending)
    return word


def _tells(word: str, ending: str) -> bool:
    """Does the ending say what the authority is, with a name of two signs or more before it?"""
    return word.endswith(ending) and len(word) - len(ending) > 1


def _is_chinese(word: str) -> bool:
    return all("\u3400" <= character <= "\u9fff" for character in word)


GENERIC = frozenset(_stem(match_key(word)) for word in _KINDS.split())


def alike(first: str, second: str) -> bool:
    """Do two folded names look like one authority?

    They do if the words that tell are the same in any order, each with at most a slip or two of
    the pen (see `_same_word`), or if only the spaces differ.
    """
    one, other = words(first), words(second)
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    if len(one) == 1:
        return _same_word(one[0], other[0])
    rest = list((Counter(one) - Counter(other)).elements())
    left = list((Counter(other) - Counter(one)).elements())
    if len(rest) > _MANY_WORDS:
        return False
    return any(
        all(_same_word(a, b) for a, b in zip(rest, order, strict=True))
        for order in permutations(left)
    )


def _same_word(one: str, other: str) -> bool:
    """The same but for one slip from five letters on, two from ten; beginning or ending alike.

    Numbers and words that hold one are never taken for each other: ward 1 is not ward 2.
    """
    if one == other:
        return True
    longest = max(len(one), len(other))
    if longest <= _EXACT or _holds_digit(one) or _holds_digit(other):
        return False
    slips = 1 if longest <= _ONE_SLIP else _MOST_SLIPS
    # A slip changes at most two letters: most pairs are told apart without counting slips.
    if len(set(one) ^ set(other)) > 2 * slips:
        return False
    return bool(_ends(one) & _ends(other)) and distance(one, other, slips) <= slips


def _holds_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _ends(word: str) -> set[str]:
    """How a word begins and ends; the word itself if no slip makes another of it."""
    if len(word) < _EXACT or _holds_digit(word):
        return {word}
    return {f"{word[:2]}<", f">{word[-2:]}"}


def distance(one: str, other: str, limit: int) -> int:
    """Slips between two words: letters left out, added, replaced, or swapped with the next.

    Counted up to the limit; beyond it the answer is limit + 1.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, opposite in enumerate(other, start=1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (letter != opposite),
            )
            swapped = (
                row > 1
                and column > 1
                and (letter, opposite)
                == (
                    other[column - 2],
                    one[row - 2],
                )
            )
            if swapped:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > limit and (not before_last or min(last) > limit):
            return limit + 1
        before_last, last = last, current
    return min(last[-1], limit + 1)


class NameIndex:
    """Many folded names, each with an id, that finds the alike without comparing all with all.

    Names that are alike have as many words, each about as long as its partner and with the same
    beginning or end, so only those are compared; or they differ in nothing but spaces.
    """

    def __init__(self, names: Iterable[tuple[str, int]] = ()) -> None:
        self._joined: dict[str, set[int]] = defaultdict(set)
        self._places: dict[tuple[int, int, str], set[tuple[str, int]]] = defaultdict(set)
        for key, number in names:
            self.add(key, number)

    def add(self, key: str, number: int) -> None:
        """Takes in one more name."""
        found = words(key)
        self._joined["".join(found)].add(number)
        for word in found:
            for end in _ends(word):
                self._places[len(found), len(word), end].add((key, number))

    def like(self, key: str) -> set[int]:
        """The ids of the names that look like this one; its own too, if it was taken in."""
        found = words(key)
        if not found:
            return set()
        candidates = set.intersection(*(self._near(len(found), word) for word in found))
        alikes = {number for other, number in candidates if alike(key, other)}
        return alikes | self._joined.get("".join(found), set())

    def _near(self, count: int, word: str) -> set[tuple[str, int]]:
        """The names of so many words that have one which this word may be a slip of."""
        lengths = range(len(word) - _MOST_SLIPS, len(word) + _MOST_SLIPS + 1)
        places = ((count, length, end) for length in lengths for end in _ends(word))
        return set().union(*(self._places.get(place, set()) for place in places))
