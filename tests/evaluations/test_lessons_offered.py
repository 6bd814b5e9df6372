"""Which lessons are found and offered, and to whom: embargo, drafts and retired ones included."""

from datetime import date, timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from factories import NOW, TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations import permissions
from evaluations.models import Lesson, Link, Tag
from evaluations.queries import lessons as queries
from evaluations.queries import links
from evaluations.queries.lessons import Asked, Offered, fitting, found_lessons
from evaluations.rules.texts import words_of
from habitat_plan.kit.wording import Wording

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def placed(
    title: str, *, areas: Any = (), countries: Any = (), tags: Any = (), **fields: Any
) -> Lesson:
    lesson = rows.lesson(title, **fields)
    lesson.focus_areas.set(areas)
    lesson.countries.set(countries)
    lesson.tags.set(tags)
    return lesson


def titles(found: Any) -> list[str]:
    return [str(getattr(one, "lesson", one).title) for one in found]


def search(words: str, user: Any = PUBLIC) -> list[str]:
    return titles(found_lessons(user, Asked(words=words_of(words)), on=TODAY))


def offer(user: Any = PUBLIC, **asked: Any) -> list[Offered]:
    given: dict[str, Any] = {"focus_areas": (), "countries": (), "words": ""} | asked
    return fitting(user=user, on=TODAY, **given)


class TestSearch:
    @pytest.mark.parametrize(
        "words",
        [
            "water",
            "WATER networks",
            "réseaux",
            "reseaux",
            "المياه",
            "الاساسيه",
            "供水",
            "水网",
            "сети",
            "еще",
            "niños",
        ],
    )
    def test_finds_a_lesson_by_a_word_of_any_language_it_has(self, words):
        rows.lesson(
            "Water networks",
            text=Wording.of(
                en="Repair the networks first.",
                fr="Réparer d’abord les réseaux.",
                ar="إصلاح شبكات المياه الأساسية أولا",
                zh="首先修复供水网络",
                ru="Сначала починить сети, ещё раньше",
                es="Primero los niños",
            ),
        )
        rows.lesson("Land readjustment")
        assert search(words) == ["Water networks"]

    def test_every_word_asked_for_is_in_it(self):
        rows.lesson("Water networks")
        assert search("water trams") == []
        assert search("  networks water ") == ["Water networks"]

    @pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "'"])
    def test_signs_of_the_database_mean_themselves(self, words):
        rows.lesson("Water networks")
        assert search(words) == []

    def test_each_filter_narrows_the_list(self):
        area, land = factories.focus_area(2), factories.country("XAA")
        tag = factories.saved(Tag(code="land", name=factories.say("land")))
        placed("Here", areas=[area], countries=[land], tags=[tag])
        placed("There", areas=[factories.focus_area(3)])
        for asked in ({"focus_area": "FA2"}, {"country": "XAA"}, {"tag": "land"}):
            assert titles(found_lessons(PUBLIC, Asked(**asked), on=TODAY)) == ["Here"]
        assert titles(found_lessons(PUBLIC, Asked(kind="practice"), on=TODAY)) == []
        assert len(found_lessons(PUBLIC, Asked(kind="lesson"), on=TODAY)) == 2


class TestWhoSeesWhat:
    @pytest.fixture
    def several(self) -> None:
        held_back = rows.evaluation(state="published", embargo_until=TODAY + timedelta(days=1))
        rows.lesson("Free")
        rows.lesson("Draft", state="draft")
        rows.lesson("Retired", state="retired")
        rows.lesson("Of a published one", evaluation=rows.evaluation(state="published"))
        rows.lesson("Of a reported one", evaluation=rows.evaluation(state="reported"))
        rows.lesson("Held back", evaluation=held_back)

    def test_the_public_and_delegations_see_what_is_published_and_free(self, several):
        delegate = factories.person(committee=factories.office(kind="mission"))
        for user in (PUBLIC, delegate):
            assert sorted(search("", user)) == ["Free", "Of a published one"]
            assert titles(found_lessons(user, Asked(state="retired"), on=TODAY)) == []
            assert titles(found_lessons(user, Asked(state="draft"), on=TODAY)) == []

    def test_the_secretariat_sees_all_with_retired_ones_on_demand(self, several):
        writer = factories.person(contributor=factories.office())
        assert sorted(search("", writer)) == [
            "Draft", "Free", "Held back", "Of a published one", "Of a reported one",
        ]  # fmt: skip
        assert titles(found_lessons(writer, Asked(state="retired"), on=TODAY)) == ["Retired"]
        assert search("", writer)[0] == "Draft"

    def test_what_is_held_back_comes_on_its_day(self, several):
        tomorrow = TODAY + timedelta(days=1)
        assert "Held back" in titles(found_lessons(PUBLIC, Asked(), on=tomorrow))
        lesson = Lesson.objects.get(title=factories.say("Held back"))
        assert queries.one_lesson(lesson.pk, PUBLIC, on=TODAY) is None
        assert queries.one_lesson(lesson.pk, PUBLIC, on=tomorrow) == lesson

    def test_filters_offer_nothing_that_only_hidden_lessons_have(self):
        area = factories.focus_area(5)
        placed("Draft", areas=[area], countries=[factories.country("XAB")], state="draft")
        found = queries.choices(PUBLIC, on=TODAY)
        assert (found.focus_areas, found.countries, found.tags) == ([], [], [])
        officer = factories.person(evaluation_officer=factories.office())
        assert queries.choices(officer, on=TODAY).focus_areas == [area]


class TestOffered:
    def test_focus_area_and_country_first_then_focus_area_then_words(self):
        two, three = factories.focus_area(2), factories.focus_area(3)
        land, other = factories.country("XAA"), factories.country("XAB")
        placed("By word: trams", areas=[three])
        placed("Same area", areas=[two, three], countries=[other])
        placed("Same area, old", areas=[two])
        earlier = NOW - timedelta(days=9)
        Lesson.objects.filter(searched__startswith="same area, old").update(published_at=earlier)
        placed("Same area and country", areas=[two], countries=[land, other])
        placed("Same country only", areas=[three], countries=[land])
        placed("Retired", areas=[two], countries=[land], state="retired")
        placed("Draft", areas=[two], countries=[land], state="draft")
        found = offer(focus_areas={"FA2"}, countries={land.pk}, words="Trams")
        assert titles(found) == [
            "Same area and country", "Same area", "Same area, old", "By word: trams",
        ]  # fmt: skip
        assert [one.fits for one in found] == [3, 2, 2, 1]

    def test_offers_differ_by_focus_area(self):
        placed("Of two", areas=[factories.focus_area(2)])
        placed("Of three", areas=[factories.focus_area(3)])
        assert titles(offer(focus_areas={"FA2"})) == ["Of two"]
        assert titles(offer(focus_areas={"FA3"})) == ["Of three"]

    def test_nothing_asked_offers_nothing_and_five_are_the_most(self):
        area = factories.focus_area(2)
        for number in range(7):
            placed(f"Lesson {number}", areas=[area])
        assert offer() == []
        assert offer(countries={1}) == []
        assert len(offer(focus_areas={"FA2"})) == 5

    def test_asks_four_queries_for_one_and_for_five(self, django_assert_num_queries):
        area = factories.focus_area(2)
        for _round in range(2):
            placed("Lesson", areas=[area], countries=[factories.country()])
            with django_assert_num_queries(4):
                offer(focus_areas={"FA2"}, countries={1}, words="lesson")
            for number in range(4):
                placed(f"Lesson {number}", areas=[area])


STATES = ("planned", "under_way", "reported", "published", "cancelled")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    made=st.lists(
        st.tuples(
            st.sampled_from(STATES),
            st.sampled_from([None, -1, 0, 1, 30]),
            st.sampled_from(["draft", "published", "retired"]),
        ),
        min_size=1,
        max_size=3,
    ),
    role=st.sampled_from(["", "committee", "contributor", "evaluation_officer"]),
    later=st.sampled_from([0, 1, 29, 30]),
)
def test_whoever_may_not_see_the_evaluation_gets_neither_lesson_nor_link(
    db, made, role, later
) -> None:
    on = date.fromordinal(TODAY.toordinal() + later)
    office = factories.office()
    user: Any = factories.person(**{role: office}) if role else PUBLIC
    area = factories.focus_area()
    revision = factories.revision(f"r{area.number}")
    measure = factories.indicator(kind="number")
    allowed, free_lessons = set(), set()
    for state, days, standing in made:
        embargo = None if days is None else TODAY + timedelta(days=days)
        one = rows.evaluation(state=state, embargo_until=embargo)
        lesson = placed(f"w{area.number}w", areas=[area], evaluation=one, state=standing)
        advice = rows.recommendation(one, office=office)
        for kind, thing in (("indicator", measure), ("revision", revision)):
            factories.saved(Link(recommendation=advice, kind=kind, made_at=NOW, **{kind: thing}))
        if permissions.may_see(user, one, on=on):
            allowed.add(one.pk)
            if standing == "published":
                free_lessons.add(lesson.pk)
    fits = fitting(
        focus_areas={area.code}, countries=(), words=f"W{area.number}w", user=user, on=on
    )
    offered = {one.lesson for one in fits}
    assert {one.pk for one in offered} == free_lessons
    seen = set(queries.seen_lessons(user, on=on).filter(focus_areas=area))
    listed = set(found_lessons(user, Asked(focus_area=area.code), on=on))
    for lesson in offered | seen | listed:
        assert lesson.evaluation_id in allowed
        assert queries.one_lesson(lesson.pk, user, on=on) == lesson
    touching = links.touching(measure, user=user, on=on)
    led = links.led_to(user=user, on=on).get(revision.pk, [])
    for found in (touching, led):
        assert {one.recommendation.evaluation_id for one in found} == allowed
    for advice in (one.recommendation for one in Link.objects.filter(indicator=measure)):
        is_allowed = advice.evaluation_id in allowed
        assert bool(links.links_of(advice, user=user, on=on)) == is_allowed
        assert bool(links.seen_recommendation(advice.code, user=user, on=on)) == is_allowed
