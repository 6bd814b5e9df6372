"""When two names look like one authority: in six scripts, whatever case, accents and order."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.names import NameIndex, alike, distance, match_key, search_words

SAME = [
    ("City of Nairobi", "Nairobi City County"),
    ("São Paulo", "SAO PAULO"),
    ("Sao Paulo", "Sao Paolo"),
    ("Saint-Louis", "St. Louis"),
    ("New Castle", "Newcastle"),
    ("Springfield", "Springfeild"),
    ("Port Harcourt Local Government", "Harcourt, Port"),
    ("Ville de Québec", "Quebec"),
    ("Mairie de Ouagadougou", "Commune urbaine d’Ouagadougou"),
    ("Ayuntamiento de Mérida", "Municipio de Merida"),
    ("Alcaldía de Medellín", "Medellin"),
    ("Мэрия города Казани", "Казани"),
    ("Администрация Самары", "Город Самары"),
    ("Нижний Новгород", "Новгород Нижний"),
    ("بلدية القاهرة", "القاهره"),
    ("محافظة الإسكندرية", "الاسكندرية"),
    ("北京市", "北京"),
    ("成都市人民政府", "成都市"),
    ("Distrito 9", "District ٩"),
]
DIFFERENT = [
    ("North Kivu", "South Kivu"),
    ("Ward 1", "Ward 2"),
    ("York", "New York"),
    ("Lima", "Lomé"),
    ("Victoria", "Victoria Falls"),
    ("Нижний Тагил", "Нижний Новгород"),
    ("القاهرة", "الجيزة"),
    ("حمص", "حماة"),
    ("北京市", "南京市"),
    ("广东省", "广西"),
    ("Guadalajara", "Guadalupe"),
    ("Rouen", "Rodez"),
    ("Kazan", "Казань"),
    ("Invented municipality 001", "Invented municipality 010"),
]
# One slip apart, and yet two: people are asked, and say so.
ASKED = [("Омск", "Томск"), ("Kassel", "Kessel")]
LETTERS = st.text(alphabet="abcdeé nñoжяйابةه北京市 -'12", max_size=24)
NAMES = st.one_of(LETTERS, st.sampled_from([name for pair in SAME + DIFFERENT for name in pair]))


def are_alike(one: str, other: str) -> bool:
    return alike(match_key(one), match_key(other))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_one_authority_look_alike(one, other):
    assert are_alike(one, other)


@pytest.mark.parametrize(("one", "other"), ASKED)
def test_names_one_slip_apart_are_asked_about(one, other):
    assert are_alike(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_authorities_do_not(one, other):
    assert not are_alike(one, other)


@settings(derandomize=True, max_examples=300)
@given(NAMES)
def test_a_name_looks_like_itself_and_is_folded_once(name):
    key = match_key(name)
    assert alike(key, key)
    assert match_key(key) == key


@settings(derandomize=True, max_examples=300)
@given(NAMES, NAMES)
def test_two_names_look_alike_from_both_sides(one, other):
    assert are_alike(one, other) == are_alike(other, one)


@settings(derandomize=True, max_examples=300)
@given(NAMES, NAMES)
def test_case_accents_spaces_and_marks_do_not_matter(one, other):
    written = unicodedata.normalize("NFD", one).upper().replace(" ", " \u00a0- ") + " "
    assert match_key(written) == match_key(one)
    assert are_alike(written, other) == are_alike(one, other)


@settings(derandomize=True, max_examples=300)
@given(NAMES, st.randoms(use_true_random=False))
def test_the_order_of_the_words_does_not_matter(name, chance: random.Random):
    words = match_key(name).split()
    chance.shuffle(words)
    assert alike(match_key(name), " ".join(words))


@settings(derandomize=True, max_examples=200)
@given(st.lists(NAMES, max_size=12), NAMES)
def test_the_index_finds_what_comparing_with_all_finds(names, name):
    keys = [key for key in map(match_key, names) if key]
    wanted = match_key(name)
    index = NameIndex((key, number) for number, key in enumerate(keys))
    assert index.like(wanted) == {n for n, key in enumerate(keys) if wanted and alike(key, wanted)}


@pytest.mark.parametrize(
    ("one", "other", "limit", "slips"),
    [("kitten", "sitting", 3, 3), ("kitten", "sitting", 2, 3), ("ab", "ba", 2, 1), ("abc", "abc", 1, 0),
     ("abcdef", "ab", 2, 3), ("", "ab", 2, 2)],
)  # fmt: skip
def test_slips_are_counted_up_to_the_limit(one, other, limit, slips):
    assert distance(one, other, limit) == slips


@pytest.mark.parametrize(
    ("typed", "words"),
    [("City of Nandu", ("nandu",)), ("City", ("city",)), ("  ", ()), ("بلدية القاهرة", ("القاهره",)),
     ("Ñandú del Sur", ("nandu", "sur"))],
)  # fmt: skip
def test_a_search_leaves_out_what_every_name_has(typed, words):
    assert search_words(typed) == words
