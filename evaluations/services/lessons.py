"""Lessons and good practices: proposed, changed, published, retired (p.103).

A lesson is written in one language at a time. In each language in which it is written, all of it
is: title, context, lesson and evidence. Its earlier words stay in the audit trail.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from evaluations import permissions
from evaluations.models import Evaluation, Lesson, Tag
from evaluations.queries.lessons import WRITES, may_change
from evaluations.services.tags import named
from evaluations.services.wordings import searched, with_text
from focus_areas.models import FocusArea
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import LANGUAGES, Wording
from organization.models import Country, Role, User
from organization.permissions import require
from organization.services import audit

TEXTS = ("title", "context", "text", "evidence")
LONGEST = {"title": 200, "context": 4000, "text": 4000, "evidence": 4000}
REASON_LONGEST = 500


@dataclass(frozen=True)
class Written:
    """What a person wrote of a lesson in one language, and where the lesson belongs."""

    kind: str
    language: str
    title: str
    context: str
    text: str
    evidence: str
    evaluation: Evaluation | None = None
    focus_areas: tuple[FocusArea, ...] = ()
    countries: tuple[Country, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """Field → what was written, without blank ends."""
        return {name: getattr(self, name).strip() for name in TEXTS}


@transaction.atomic
def write(*, written: Written, by: User, at: datetime, illustrative: bool = False) -> Lesson:
    """Proposes a lesson: a draft, which an evaluation officer publishes.

    The same form sent twice is one draft. Raises NotAllowed, and RuleBroken `kind_unknown`,
    `language_unknown`, `text_needed`, `text_too_long`, `too_many_tags`, `tag_too_long`.
    """
    require(by, *WRITES)
    _check(written)
    for name, said in written.texts.items():
        if not said:
            raise _needed(name)
    # Two sendings of one form wait for each other here.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lesson = Lesson(
        kind=written.kind,
        evaluation=written.evaluation,
        illustrative=illustrative,
        made_at=at,
        **_worded(None, written),
    )
    tags = named(written.tags, language=written.language, by=by, at=at)
    lesson.searched = _searched(lesson, tags)
    if same := _same(lesson, written, tags):
        return same
    lesson.save()
    _place(lesson, written, tags)
    changes = {name: (None, value) for name, value in _state(lesson).items()}
    audit.record(action="propose lesson", subject=lesson, by=by, at=at, changes=changes)
    return lesson


@transaction.atomic
def change(
    *, lesson: Lesson, written: Written, seen_revision: int, reason: str, by: User, at: datetime
) -> Lesson:
    """Changes a draft or a published lesson in one language; a language left blank goes.

    The evaluation officer changes any; whoever proposed a draft changes it. A published lesson
    changes with a reason only. The same once more changes nothing.

    Raises NotAllowed, and RuleBroken as `write` does, `lesson_retired`, `reason_needed`,
    `language_needed`, `changed_elsewhere`.
    """
    require(by, *WRITES)
    lesson = _locked(lesson)
    require_change(by, lesson)
    _check(written)
    worded = _worded(lesson, written)
    tags = named(written.tags, language=written.language, by=by, at=at)
    before = _state(lesson)
    wanted = _wanted(worded, written, tags)
    changes = {
        name: (before[name], wanted[name]) for name in wanted if before[name] != wanted[name]
    }
    if not changes:
        return lesson
    _require_fresh(lesson, seen_revision)
    said = _reason(reason, needed=lesson.state == Lesson.State.PUBLISHED)
    for name, value in {"kind": written.kind, "evaluation": written.evaluation, **worded}.items():
        setattr(lesson, name, value)
    lesson.searched = _searched(lesson, tags)
    lesson.revision += 1
    lesson.save()
    _place(lesson, written, tags)
    audit.record(action="change lesson", subject=lesson, by=by, at=at, changes=changes, reason=said)
    return lesson


@transaction.atomic
def publish(*, lesson: Lesson, seen_revision: int, by: User, at: datetime) -> Lesson:
    """Publishes a draft: everybody who may see its evaluation reads it, and it is offered.

    Published already, it stays as it is. Raises NotAllowed, and RuleBroken `lesson_retired`,
    `changed_elsewhere`.
    """
    require(by, Role.EVALUATION_OFFICER)
    lesson = _locked(lesson)
    if lesson.state == Lesson.State.PUBLISHED:
        return lesson
    _refuse_retired(lesson)
    _require_fresh(lesson, seen_revision)
    return _move(lesson, Lesson.State.PUBLISHED, reason="", by=by, at=at)


@transaction.atomic
def retire(*, lesson: Lesson, reason: str, seen_revision: int, by: User, at: datetime) -> Lesson:
    """Takes a lesson out of use, or sets a draft aside; whatever refers to it still finds it.

    Retired already, it stays as it is. Raises NotAllowed, and RuleBroken `reason_needed`,
    `changed_elsewhere`.
    """
    require(by, Role.EVALUATION_OFFICER)
    lesson = _locked(lesson)
    if lesson.state == Lesson.State.RETIRED:
        return lesson
    _require_fresh(lesson, seen_revision)
    said = _reason(reason, needed=True)
    return _move(lesson, Lesson.State.RETIRED, reason=said, by=by, at=at)


def _move(lesson: Lesson, to: Lesson.State, *, reason: str, by: User, at: datetime) -> Lesson:
    before = lesson.state
    lesson.state = to
    lesson.revision += 1
    if to == Lesson.State.PUBLISHED:
        lesson.published_at = at
    lesson.save(update_fields=["state", "revision", "published_at"])
    action = "publish lesson" if to == Lesson.State.PUBLISHED else "retire lesson"
    changes = {"state": (before, to.value)}
    audit.record(action=action, subject=lesson, by=by, at=at, changes=changes, reason=reason)
    return lesson


def _locked(lesson: Lesson) -> Lesson:
    """The lesson as it stands now, kept from others until this is done."""
    rows = Lesson.objects.select_for_update(of=("self",)).select_related("evaluation")
    return rows.get(pk=lesson.pk)


def require_change(by: User, lesson: Lesson) -> None:
    """Raises NotAllowed, or RuleBroken `lesson_retired`, unless the person may change it now."""
    if may_change(by, lesson):
        return
    if permissions.may_evaluate(by):
        _refuse_retired(lesson)
    raise NotAllowed(
        "role_needed",
        _(
            "The evaluation officer changes lessons; whoever proposed a lesson changes it until "
            "it is published. Ask the Evaluation Unit."
        ),
    )


def _refuse_retired(lesson: Lesson) -> None:
    if lesson.state == Lesson.State.RETIRED:
        raise RuleBroken(
            "lesson_retired",
            _("This lesson is retired, so it stays as it is. Write a new lesson."),
        )


def _require_fresh(lesson: Lesson, seen_revision: int) -> None:
    if lesson.revision != seen_revision:
        raise RuleBroken(
            "changed_elsewhere",
            _(
                "Somebody changed this lesson meanwhile. What you typed is still here; "
                "compare it with what stands now, then save again."
            ),
        )


def _check(written: Written) -> None:
    if written.kind not in Lesson.Kind.values:
        raise RuleBroken("kind_unknown", _("Choose lesson or good practice."), "kind")
    if written.language not in LANGUAGES:
        raise RuleBroken("language_unknown", _("Choose one of the six languages."), "language")
    for name, said in written.texts.items():
        _check_text(name, said, LONGEST[name])


def _check_text(name: str, said: str, longest: int) -> None:
    if "\x00" in said:
        sentence = _("This text holds a sign that is no letter. Type it again.")
        raise RuleBroken("text_damaged", sentence, name)
    if len(said) > longest:
        raise RuleBroken(
            "text_too_long",
            _("This text has %(length)s characters; %(longest)s are the most. Shorten it.")
            % {"length": len(said), "longest": longest},
            name,
        )


def _needed(name: str) -> RuleBroken:
    sentences = {
        "title": _("Write the title: what others can learn, in one sentence."),
        "context": _("Write the context: where and when it was learned."),
        "text": _("Write the lesson or the practice itself."),
        "evidence": _("Write what shows it: a finding, a figure, a report."),
    }
    return RuleBroken("text_needed", sentences[name], name)


def _reason(reason: str, *, needed: bool) -> str:
    said = reason.strip()
    if needed and not said:
        raise RuleBroken("reason_needed", _("Give the reason, in a sentence."), "reason")
    _check_text("reason", said, REASON_LONGEST)
    return said


def _worded(lesson: Lesson | None, written: Written) -> dict[str, Wording]:
    """The four wordings with what was written. In a language all are written, or none is.

    Raises RuleBroken `text_needed`, `language_needed`.
    """
    texts = written.texts
    if any(texts.values()) and not all(texts.values()):
        raise _needed(next(name for name, said in texts.items() if not said))
    found = {
        name: _kept(getattr(lesson, name) if lesson else None, written.language, said)
        for name, said in texts.items()
    }
    if not found["title"]:
        raise RuleBroken(
            "language_needed",
            _("A lesson is written in one language at least. Write it, or retire it."),
            "title",
        )
    return found


def _kept(wording: Wording | None, language: str, said: str) -> Wording:
    """The wording with this text; a text that stays the same keeps its status and source."""
    before = wording.texts.get(language) if wording else None
    if wording and before and before.text == said:
        return wording
    return with_text(wording, language, said)


def _searched(lesson: Lesson, tags: Iterable[Tag]) -> str:
    texts = [getattr(lesson, name) for name in TEXTS]
    return searched(*texts, *(tag.name for tag in tags))


def _same(lesson: Lesson, written: Written, tags: Iterable[Tag]) -> Lesson | None:
    """A draft that says exactly this already."""
    wanted = _wanted({name: getattr(lesson, name) for name in TEXTS}, written, tags)
    alike = Lesson.objects.filter(
        state=Lesson.State.DRAFT, searched=lesson.searched, illustrative=lesson.illustrative
    )
    for one in alike.select_related("evaluation"):
        if _state(one) == wanted:
            return one
    return None


def _place(lesson: Lesson, written: Written, tags: Iterable[Tag]) -> None:
    lesson.focus_areas.set(written.focus_areas)
    lesson.countries.set(written.countries)
    lesson.tags.set(tags)


def _wanted(worded: Mapping[str, Wording], written: Written, tags: Iterable[Tag]) -> dict[str, Any]:
    """What `_state` is to be."""
    return {
        "kind": written.kind,
        **worded,
        "evaluation": written.evaluation.code if written.evaluation else None,
        "focus_areas": sorted(one.code for one in written.focus_areas),
        "countries": sorted(one.iso3 for one in written.countries),
        "tags": sorted(one.code for one in tags),
    }


def _state(lesson: Lesson) -> dict[str, Any]:
    """What a lesson says, as the audit trail keeps it. Three queries."""

    def codes(rows: models.QuerySet[Any], name: str) -> list[str]:
        return sorted(rows.values_list(name, flat=True))

    return {
        "kind": lesson.kind,
        **{name: getattr(lesson, name) for name in TEXTS},
        "evaluation": lesson.evaluation.code if lesson.evaluation else None,
        "focus_areas": codes(lesson.focus_areas.all(), "code"),
        "countries": codes(lesson.countries.all(), "iso3"),
        "tags": codes(lesson.tags.all(), "code"),
    }
