"""Lessons are proposed, changed in one language at a time, published and retired, all on record."""

from dataclasses import replace
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from factories import NOW

from evaluations.models import Lesson, Tag
from evaluations.services import lessons as services
from evaluations.services.lessons import Written
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.django_db
WRITTEN = Written(
    kind="lesson",
    language="en",
    title="Agree on co-financing before an office opens",
    context="Three country offices opened in 2015.",
    text="Sign the agreement first.",
    evidence="Finding 12 of the evaluation.",
)
FRENCH = replace(
    WRITTEN, language="fr", title="Convenir du cofinancement", context="Trois bureaux.",
    text="Signer d’abord.", evidence="Constat 12.",
)  # fmt: skip


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVAL"))


@pytest.fixture
def proposer() -> User:
    return factories.person("Paul", contributor=factories.office("ROAF"))


@pytest.fixture
def draft(proposer: User) -> Lesson:
    return services.write(written=WRITTEN, by=proposer, at=NOW)


def refused(code: str, act: Any, **given: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        act(**({"at": NOW} | given))
    assert caught.value.code == code
    return caught.value


def change(lesson: Lesson, written: Written, by: User, seen: int = 0, reason: str = "") -> Lesson:
    return services.change(
        lesson=lesson, written=written, seen_revision=seen, reason=reason, by=by, at=NOW
    )


class TestWrite:
    def test_a_contributor_proposes_a_draft_with_its_places_and_tags(self, proposer):
        area, land = factories.focus_area(3), factories.country("XAA")
        written = replace(
            WRITTEN, focus_areas=(area,), countries=(land,), tags=("Land Tenure", "financement")
        )
        made = services.write(written=written, by=proposer, at=NOW)
        assert (made.state, made.published_at, made.revision) == ("draft", None, 0)
        assert [one.code for one in made.focus_areas.all()] == ["FA3"]
        assert [one.code for one in made.tags.all()] == ["financement", "land-tenure"]
        entry = AuditEntry.objects.get(action="propose lesson")
        assert entry.changes["title"] == [None, {"en": WRITTEN.title}]
        assert entry.changes["focus_areas"] == [None, ["FA3"]]

    def test_the_same_form_sent_twice_is_one_draft(self, draft, proposer):
        assert services.write(written=WRITTEN, by=proposer, at=NOW) == draft
        assert Lesson.objects.count() == 1
        assert AuditEntry.objects.filter(action="propose lesson").count() == 1

    def test_other_tags_make_another_lesson(self, draft, proposer):
        other = services.write(written=replace(WRITTEN, tags=("land",)), by=proposer, at=NOW)
        assert other != draft

    @pytest.mark.parametrize("role", ["committee", "manager", "report_editor", "administrator"])
    def test_other_roles_do_not_propose(self, role):
        somebody = factories.person(**{role: factories.office()})
        with pytest.raises(NotAllowed):
            services.write(written=replace(WRITTEN, title=""), by=somebody, at=NOW)

    @pytest.mark.parametrize("name", ["title", "context", "text", "evidence"])
    def test_every_part_is_needed(self, proposer, name):
        broken = refused(
            "text_needed", services.write, written=replace(WRITTEN, **{name: "  "}), by=proposer
        )
        assert broken.field == name

    @pytest.mark.parametrize(
        "changed, code",
        [
            ({"title": "x" * 201}, "text_too_long"),
            ({"context": "x" * 4001}, "text_too_long"),
            ({"text": "a\x00b"}, "text_damaged"),
            ({"kind": "story"}, "kind_unknown"),
            ({"language": "de"}, "language_unknown"),
            ({"tags": tuple(f"tag {n}" for n in range(11))}, "too_many_tags"),
            ({"tags": ("x" * 61,)}, "tag_too_long"),
        ],
    )
    def test_bad_input_is_refused_and_nothing_is_kept(self, proposer, changed, code):
        refused(code, services.write, written=replace(WRITTEN, **changed), by=proposer)
        assert (Lesson.objects.count(), Tag.objects.count()) == (0, 0)

    def test_one_word_is_one_tag_whatever_its_accents_case_and_script(self, proposer):
        for tags in (("Équité", "水"), ("equite",), ("水",)):
            services.write(
                written=replace(WRITTEN, tags=tags, title=str(tags)), by=proposer, at=NOW
            )
        assert sorted(str(tag.name) for tag in Tag.objects.all()) == ["Équité", "水"]


class TestChange:
    def test_a_second_language_is_added_and_searched(self, draft, officer):
        changed = change(draft, FRENCH, officer)
        assert changed.title.texts["en"].text == WRITTEN.title
        assert changed.title.texts["fr"].text == FRENCH.title
        assert "cofinancement" in changed.searched
        assert "co-financing" in changed.searched
        entry = AuditEntry.objects.get(action="change lesson")
        assert entry.changes["text"][1] == {"en": WRITTEN.text, "fr": FRENCH.text}
        assert "kind" not in entry.changes

    def test_a_language_left_blank_goes_but_not_the_last(self, draft, officer):
        change(draft, FRENCH, officer)
        blank = {"title": "", "context": "", "text": "", "evidence": ""}
        back = change(draft, replace(FRENCH, **blank), officer, seen=1)
        assert set(back.title.texts) == {"en"}
        with pytest.raises(RuleBroken) as caught:
            change(draft, replace(WRITTEN, **blank), officer, seen=2)
        assert caught.value.code == "language_needed"

    def test_half_a_language_is_refused(self, draft, officer):
        with pytest.raises(RuleBroken) as caught:
            change(draft, replace(FRENCH, evidence=""), officer)
        assert (caught.value.code, caught.value.field) == ("text_needed", "evidence")

    def test_whoever_proposed_it_changes_it_while_it_is_a_draft(self, draft, proposer, officer):
        changed = change(draft, replace(WRITTEN, title="Another title"), proposer)
        services.publish(lesson=draft, seen_revision=changed.revision, by=officer, at=NOW)
        with pytest.raises(NotAllowed):
            change(draft, replace(WRITTEN, title="A third"), proposer, seen=2, reason="Why not")

    def test_another_contributor_of_the_same_office_does_not(self, draft):
        other = factories.person("Olga", contributor=Office.objects.get(code="ROAF"))
        with pytest.raises(NotAllowed):
            change(draft, replace(WRITTEN, title="Mine"), other)

    def test_a_published_lesson_changes_with_a_reason_only(self, officer):
        published = rows.lesson("Old title")
        with pytest.raises(RuleBroken) as caught:
            change(published, WRITTEN, officer)
        assert (caught.value.code, caught.value.field) == ("reason_needed", "reason")
        changed = change(published, WRITTEN, officer, reason="A misprint.")
        assert (changed.state, str(changed.title)) == ("published", WRITTEN.title)
        assert AuditEntry.objects.get(action="change lesson").reason == "A misprint."

    def test_a_stale_form_changes_nothing(self, draft, officer):
        change(draft, replace(WRITTEN, title="First"), officer)
        with pytest.raises(RuleBroken) as caught:
            change(draft, replace(WRITTEN, title="Second"), officer, seen=0)
        assert caught.value.code == "changed_elsewhere"
        assert str(Lesson.objects.get().title) == "First"

    def test_the_same_form_sent_twice_is_one_change(self, draft, officer):
        for _time in range(2):
            change(draft, replace(WRITTEN, title="First"), officer, seen=0)
        assert Lesson.objects.get().revision == 1
        assert AuditEntry.objects.filter(action="change lesson").count() == 1

    def test_a_retired_lesson_stays_as_it_is(self, officer):
        with pytest.raises(RuleBroken) as caught:
            change(rows.lesson(state="retired"), WRITTEN, officer)
        assert caught.value.code == "lesson_retired"


class TestStates:
    def test_published_and_retired_each_once_with_entries(self, draft, officer):
        for _time in range(2):
            services.publish(lesson=draft, seen_revision=0, by=officer, at=NOW)
        for _time in range(2):
            services.retire(
                lesson=draft, reason="Out of date.", seen_revision=1, by=officer, at=NOW
            )
        lesson = Lesson.objects.get()
        assert (lesson.state, lesson.revision, lesson.published_at) == ("retired", 2, NOW)
        actions = AuditEntry.objects.filter(action__endswith="lesson").order_by("number")
        assert [(one.action, one.reason) for one in actions] == [
            ("propose lesson", ""),
            ("publish lesson", ""),
            ("retire lesson", "Out of date."),
        ]

    def test_a_draft_is_set_aside_with_a_reason(self, draft, officer):
        given = {"lesson": draft, "seen_revision": 0, "by": officer}
        assert refused("reason_needed", services.retire, reason=" ", **given).field == "reason"
        refused("text_too_long", services.retire, reason="x" * 501, **given)
        assert services.retire(reason="Known already.", at=NOW, **given).state == "retired"

    def test_a_retired_lesson_is_not_published_again(self, officer):
        lesson = rows.lesson(state="retired")
        refused("lesson_retired", services.publish, lesson=lesson, seen_revision=0, by=officer)

    def test_what_was_changed_meanwhile_is_neither_published_nor_retired(self, draft, officer):
        change(draft, FRENCH, officer)
        given = {"lesson": draft, "seen_revision": 0, "by": officer}
        refused("changed_elsewhere", services.publish, **given)
        refused("changed_elsewhere", services.retire, reason="Old.", **given)

    def test_who_proposes_does_not_publish(self, draft, proposer):
        given = {"lesson": draft, "seen_revision": 0, "by": proposer, "at": NOW}
        with pytest.raises(NotAllowed):
            services.publish(**given)
        with pytest.raises(NotAllowed):
            services.retire(reason="", **given)
