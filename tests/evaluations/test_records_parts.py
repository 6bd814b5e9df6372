"""What belongs to an evaluation: scope, team, criteria and ratings, findings, files."""

from pathlib import Path
from typing import Any

import factories
import pytest
import sample_files
from evaluation_rows import criterion, evaluation, grade, project
from factories import NOW, country, focus_area, person, region

from evaluations.models import CriterionRating, Evaluation, EvaluationFile, Finding, Scope
from evaluations.services import evaluation_files, evaluation_parts
from evaluations.services.evaluation_parts import Member
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.queries.evidence import path_of
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def one() -> Evaluation:
    """A planned evaluation."""
    return evaluation("land-2016")


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for files."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


def scoped(officer: User, one: Evaluation, seen: int = 0, **named: Any) -> Evaluation:
    """The evaluation with this scope."""
    return evaluation_parts.set_scope(
        evaluation=one, seen_revision=seen, by=officer, at=NOW, **named
    )


def test_the_scope_is_what_was_named_and_no_more(officer: User, one: Evaluation) -> None:
    area = focus_area(1)
    office = factories.office("RO9", kind="regional")
    scoped(
        officer,
        one,
        plan=True,
        focus_areas=[area],
        projects=[project("prj-1", office=office)],
        countries=[country()],
        regions=[region()],
        offices=[office],
        strategies=[" Land  tools ", ""],
    )
    kinds = ["country", "focus_area", "office", "plan", "project", "region", "strategy"]
    assert list(one.scopes.order_by("kind").values_list("kind", flat=True)) == kinds
    assert one.scopes.get(kind="strategy").words == "Land tools"
    scoped(officer, one, 1, focus_areas=[area])
    assert list(one.scopes.values_list("kind", flat=True)) == ["focus_area"]
    entries = AuditEntry.objects.filter(action="change scope").order_by("number")
    assert entries[1].changes["scope"][1] == ["focus_area: FA1"]
    assert len(entries[1].changes["scope"][0]) == 7


def test_a_scope_that_stays_is_not_made_again(officer: User, one: Evaluation) -> None:
    area = focus_area(1)
    scoped(officer, one, focus_areas=[area])
    kept = one.scopes.get().pk
    scoped(officer, one, focus_areas=[area, area])
    one.refresh_from_db()
    assert (one.scopes.get().pk, one.revision) == (kept, 1)
    assert AuditEntry.objects.count() == 1


def test_a_scope_from_an_older_form_is_refused(officer: User, one: Evaluation) -> None:
    scoped(officer, one, plan=True)
    with pytest.raises(RuleBroken) as broken:
        scoped(officer, one, 0, strategies=["Land"])
    assert broken.value.code == "changed_elsewhere"
    assert Scope.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "code"), [("a\x00b", "text_damaged"), ("x" * 201, "text_too_long")]
)
def test_words_of_a_strategy_that_cannot_be_kept_are_refused(
    officer: User, one: Evaluation, words: str, code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        scoped(officer, one, strategies=[words])
    assert (broken.value.code, broken.value.field) == (code, "strategies")


def teamed(officer: User, one: Evaluation, *members: Member, seen: int = 0) -> list[str]:
    """The names of the team that these members make."""
    evaluation_parts.set_team(
        evaluation=one, members=members, seen_revision=seen, by=officer, at=NOW
    )
    return list(one.team.order_by("name").values_list("name", flat=True))


def test_the_team_is_who_was_named(officer: User, one: Evaluation) -> None:
    ana, bo = Member("Ana", "leader"), Member("Bo", "manager", is_external=False)
    assert teamed(officer, one, ana, bo, Member(" ", "nonsense")) == ["Ana", "Bo"]
    assert teamed(officer, one, bo, ana) == ["Ana", "Bo"]
    assert AuditEntry.objects.count() == 1
    assert teamed(officer, one, bo, seen=1) == ["Bo"]
    entry = AuditEntry.objects.order_by("number").last()
    assert entry is not None
    assert entry.changes["team"] == [["Ana, leader, external", "Bo, manager"], ["Bo, manager"]]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([Member("Ana", "guest")], "capacity_unknown"),
        ([Member("x" * 151, "leader")], "text_too_long"),
        ([Member("a\x00b", "leader")], "text_damaged"),
        ([Member(f"Person {number}", "member") for number in range(51)], "too_many"),
    ],
)
def test_a_team_that_cannot_be_kept_is_refused(
    officer: User, one: Evaluation, members: list[Member], code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        teamed(officer, one, *members)
    assert broken.value.code == code
    assert not one.team.exists()


def rated(officer: User, one: Evaluation, seen: int = 0, **other: Any) -> CriterionRating | None:
    """The rating of relevance."""
    given: dict[str, Any] = {"criterion": criterion(), "reason": "It is.", "language": "en"} | other
    return evaluation_parts.rate(evaluation=one, seen_revision=seen, by=officer, at=NOW, **given)


def test_a_criterion_is_rated_with_a_reason_changed_and_taken_back(
    officer: User, one: Evaluation
) -> None:
    good, poor = grade("good", 1), grade("poor", 2)
    made = rated(officer, one, grade=good)
    assert made is not None
    assert (made.grade, str(made.reason)) == (good, "It is.")
    assert list(one.criteria.all()) == [criterion()]
    assert rated(officer, one, grade=good) == made
    rated(officer, one, 1, grade=poor, reason="Il l’est.", language="fr")
    made.refresh_from_db()
    assert made.grade == poor
    assert sorted(made.reason.texts) == ["en", "fr"]
    rated(officer, one, 2, grade=None)
    rated(officer, one, 2, grade=None)
    assert not CriterionRating.objects.exists()
    assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "rate criterion",
        "rate criterion",
        "take rating away",
    ]


def test_a_rating_without_a_reason_is_refused(officer: User, one: Evaluation) -> None:
    with pytest.raises(RuleBroken) as broken:
        rated(officer, one, grade=grade("good", 1), reason=" ")
    assert (broken.value.code, broken.value.field) == ("reason_needed", "reason")


def test_a_criterion_that_is_rated_is_not_left_out(officer: User, one: Evaluation) -> None:
    rated(officer, one, grade=grade("good", 1))
    with pytest.raises(RuleBroken) as broken:
        evaluation_parts.choose_criteria(
            evaluation=one, criteria=[], seen_revision=1, by=officer, at=NOW
        )
    assert broken.value.code == "criterion_rated"


def test_criteria_are_chosen_once(officer: User, one: Evaluation) -> None:
    chosen = [criterion("relevance"), criterion("impact")]
    for _ in range(2):
        evaluation_parts.choose_criteria(
            evaluation=one, criteria=chosen, seen_revision=0, by=officer, at=NOW
        )
    assert set(one.criteria.all()) == set(chosen)
    assert AuditEntry.objects.get().changes == {"criteria": [[], ["impact", "relevance"]]}


def found(officer: User, one: Evaluation, **other: Any) -> Finding:
    """A finding."""
    given = {"text": "It works.", "language": "en"} | other
    return evaluation_parts.add_finding(evaluation=one, by=officer, at=NOW, **given)


def test_findings_are_numbered_in_turn_and_the_same_twice_is_one(
    officer: User, one: Evaluation
) -> None:
    first, again = found(officer, one), found(officer, one)
    second = found(officer, one, text="It lasts.")
    assert (first.number, again.pk, second.number) == (1, first.pk, 2)
    assert found(officer, one, number=7, text="Late.").number == 7
    assert found(officer, one, number=7, text="Late.").number == 7
    assert Finding.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"text": ""}, "text_needed", "text"),
        ({"text": "a\x00b"}, "text_damaged", "text"),
        ({"text": "x" * 10_001}, "text_too_long", "text"),
        ({"number": 0}, "number_unknown", "number"),
        ({"number": 10**30}, "number_unknown", "number"),
        ({"number": 1, "text": "Other."}, "number_taken", "number"),
        ({"language": "xx"}, "language_unknown", "language"),
    ],
)
def test_a_finding_that_cannot_be_kept_is_refused_at_its_field(
    officer: User, one: Evaluation, given: dict[str, Any], code: str, field: str
) -> None:
    found(officer, one)
    with pytest.raises(RuleBroken) as broken:
        found(officer, one, **given)
    assert (broken.value.code, broken.value.field) == (code, field)
    assert Finding.objects.count() == 1


def changed(officer: User, finding: Finding, seen: int, **other: Any) -> Finding:
    """The finding after a change."""
    given: dict[str, Any] = {
        "number": finding.number,
        "text": "It works.",
        "language": "en",
        "criterion": None,
    } | other
    return evaluation_parts.change_finding(
        finding=finding, seen_revision=seen, by=officer, at=NOW, **given
    )


def test_a_finding_is_changed_in_one_language_and_taken_out(officer: User, one: Evaluation) -> None:
    finding = found(officer, one)
    after = changed(officer, finding, 1, text="Ça marche.", language="fr", number=3)
    assert (after.number, sorted(after.text.texts)) == (3, ["en", "fr"])
    assert changed(officer, after, 0, number=3).number == 3  # nothing differs
    with pytest.raises(RuleBroken) as broken:
        changed(officer, after, 1, text="Old form.")
    assert broken.value.code == "changed_elsewhere"
    evaluation_parts.remove_finding(finding=after, seen_revision=2, by=officer, at=NOW)
    assert not Finding.objects.exists()
    with pytest.raises(RuleBroken) as broken:
        changed(officer, finding, 3)
    assert broken.value.code == "gone"


def filed(officer: User, one: Evaluation, **other: Any) -> EvaluationFile:
    """The report in English."""
    given: dict[str, Any] = {
        "kind": "report",
        "language": "en",
        "name": "../Report 4.pdf",
        "content": sample_files.PDF,
    } | other
    return evaluation_files.add_file(evaluation=one, by=officer, at=NOW, **given)


def test_a_file_is_kept_by_its_hash_and_once(officer: User, one: Evaluation, shelf: Path) -> None:
    first, again = filed(officer, one), filed(officer, one)
    assert (first.pk, first.name, first.media_type) == (again.pk, "Report 4.pdf", "application/pdf")
    assert path_of(first.sha256).read_bytes() == sample_files.PDF
    assert shelf in path_of(first.sha256).parents
    assert AuditEntry.objects.filter(action="add file").count() == 1


def test_a_file_of_the_same_kind_and_language_gives_way(
    officer: User, one: Evaluation, shelf: Path
) -> None:
    first = filed(officer, one)
    other = filed(officer, one, content=sample_files.PDF + b"\n%%EOF\n")
    french = filed(officer, one, language="fr")
    assert (first.pk, french.pk != first.pk) == (other.pk, True)
    assert first.sha256 != other.sha256
    assert EvaluationFile.objects.count() == 2
    entry = AuditEntry.objects.get(action="replace file")
    assert entry.changes["sha256"] == [first.sha256, other.sha256]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"content": b""}, "file_empty"),
        ({"content": b"a,b\n1,2\n"}, "file_not_a_report"),
        ({"content": sample_files.png()}, "file_not_a_report"),
        ({"content": b"<html><script>alert(1)</script>"}, "file_markup"),
        ({"content": sample_files.PE}, "file_kind"),
        ({"content": b"%PDF-1.4" + b"0" * 10_000_000}, "file_too_large"),
        ({"kind": "song"}, "kind_unknown"),
        ({"language": "xx"}, "language_unknown"),
    ],
)
def test_a_file_that_is_no_report_is_not_kept(
    officer: User, one: Evaluation, shelf: Path, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        filed(officer, one, **given)
    assert broken.value.code == code
    assert not EvaluationFile.objects.exists()
    assert not list(shelf.rglob("*"))


def test_what_the_scanner_finds_harmful_is_not_kept(
    officer: User, one: Evaluation, shelf: Path, settings: Any
) -> None:
    settings.SCANNER = ["/bin/sh", "-c", "cat > /dev/null; exit 1"]
    with pytest.raises(RuleBroken) as broken:
        filed(officer, one)
    assert broken.value.code == "file_infected"
    assert not list(shelf.rglob("*"))


def test_a_file_is_taken_out_before_publication_only(
    officer: User, one: Evaluation, shelf: Path
) -> None:
    file = filed(officer, one)
    evaluation_files.remove_file(file=file, seen_revision=1, by=officer, at=NOW)
    assert not EvaluationFile.objects.exists()
    with pytest.raises(RuleBroken) as broken:
        evaluation_files.remove_file(file=file, seen_revision=2, by=officer, at=NOW)
    assert broken.value.code == "gone"


def every_write(by: User, one: Evaluation) -> list[Any]:
    """Each way to write a part, ready to be called."""
    finding = Finding(evaluation=one, pk=1, number=1)
    file = EvaluationFile(evaluation=one, pk=1)
    return [
        lambda: scoped(by, one, plan=True),
        lambda: teamed(by, one, Member("Ana", "leader")),
        lambda: evaluation_parts.choose_criteria(
            evaluation=one, criteria=[criterion()], seen_revision=0, by=by, at=NOW
        ),
        lambda: rated(by, one, grade=grade("good", 1)),
        lambda: found(by, one),
        lambda: changed(by, finding, 0),
        lambda: evaluation_parts.remove_finding(finding=finding, seen_revision=0, by=by, at=NOW),
        lambda: filed(by, one),
        lambda: evaluation_files.remove_file(file=file, seen_revision=0, by=by, at=NOW),
    ]


@pytest.mark.parametrize("state", ["published", "cancelled"])
def test_no_part_of_a_published_or_cancelled_evaluation_is_written(
    officer: User, shelf: Path, state: str
) -> None:
    one = evaluation("done", state=state)
    for write in every_write(officer, one):
        with pytest.raises(RuleBroken) as broken:
            write()
        assert broken.value.code == state
    assert not AuditEntry.objects.exists()
    assert not list(shelf.rglob("*"))


@pytest.mark.parametrize("role", ["contributor", "approver", "quality_assurance", "manager"])
def test_only_the_evaluation_officer_writes_parts(one: Evaluation, shelf: Path, role: str) -> None:
    other = person("Other", **{role: factories.office()})
    for write in every_write(other, one):
        with pytest.raises(NotAllowed):
            write()
    assert not AuditEntry.objects.exists()
