"""The pages of lessons in words: the list, one lesson, its form, and what fits a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations import permissions
from evaluations.forms.lessons import ChangeForm, LessonForm, MoveForm
from evaluations.models import Lesson
from evaluations.permissions import Person
from evaluations.queries import lessons as queries
from evaluations.queries.lessons import BY_AREA, BY_BOTH, Asked, Choices, Offered
from evaluations.rules.texts import words_of
from evaluations.services import lessons as services
from evaluations.services.lessons import TEXTS
from focus_areas.models import FocusArea, Result
from focus_areas.queries import elements, is_code
from habitat_plan.kit.formats import figure
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES, Wording
from indicators.models import Indicator
from organization.models import Office, User

ON_A_PAGE = 20
LONGEST_ASKED = 200


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def area_titles() -> dict[str, Wording]:
    """Code of a focus area → its title, in the plan's order. Two queries."""
    found = elements(Result.Level.FOCUS_AREA)
    return {one.result.focus_area.code: one.title for one in found if one.result.focus_area}


# The list.


def asked_of(given: QueryDict, choices: Choices, *, sees_all: bool) -> Asked:
    """What an address asks for. What no filter offers is not asked for."""

    def one_of(name: str, codes: list[str]) -> str:
        code = given.get(name, "")
        return code if code in codes else ""

    return Asked(
        words=words_of(given.get("q", "")[:LONGEST_ASKED]),
        kind=one_of("kind", Lesson.Kind.values),
        focus_area=one_of("focus_area", [area.code for area in choices.focus_areas]),
        country=one_of("country", [country.iso3 for country in choices.countries]),
        tag=one_of("tag", [tag.code for tag in choices.tags]),
        state=one_of("state", Lesson.State.values) if sees_all else "",
    )


def list_context(user: Person, given: QueryDict, *, on: date) -> dict[str, Any]:
    """The list of lessons as one person sees it."""
    choices = queries.choices(user, on=on)
    sees_all = permissions.is_of_secretariat(user)
    asked = asked_of(given, choices, sees_all=sees_all)
    paginator = Paginator(queries.found_lessons(user, asked, on=on), ON_A_PAGE)
    page = paginator.get_page(given.get("page"))
    titles = area_titles()
    return {
        "page": page,
        "heading": heading(paginator.count, asked),
        "asked": asked,
        "words": given.get("q", "")[:LONGEST_ASKED],
        "kinds": Lesson.Kind.choices,
        "states": Lesson.State.choices if sees_all else (),
        "focus_areas": [(one.code, titles.get(one.code)) for one in choices.focus_areas],
        "countries": sorted(choices.countries, key=lambda one: str(one.name)),
        "tags": choices.tags,
        "rows": [_row(lesson, titles) for lesson in page],
        "may_write": queries.may_write(user),
        "illustrative": any(lesson.illustrative for lesson in page),
    }


def heading(count: int, asked: Asked) -> str:
    """The answer of the list in a sentence."""
    number = {"number": figure(count, 0, language())}
    if not count:
        return _("No lesson fits") if asked.is_narrow else _("No lesson is published yet")
    if asked.is_narrow:
        return ngettext("%(number)s lesson fits", "%(number)s lessons fit", count) % number
    return (
        ngettext(
            "%(number)s lesson or good practice to learn from",
            "%(number)s lessons and good practices to learn from",
            count,
        )
        % number
    )


@dataclass(frozen=True)
class Row:
    """A lesson with the titles of its focus areas."""

    lesson: Lesson
    focus_areas: tuple[tuple[FocusArea, Wording | None], ...]


def _row(lesson: Lesson, titles: Mapping[str, Wording]) -> Row:
    areas = tuple((area, titles.get(area.code)) for area in lesson.focus_areas.all())
    return Row(lesson, areas)


# One lesson.


def lesson_context(user: Person, lesson: Lesson, *, form: MoveForm | None = None) -> dict[str, Any]:
    """One lesson, and what the person may do with it."""
    of_secretariat = permissions.is_of_secretariat(user)
    is_retired = lesson.state == Lesson.State.RETIRED
    return {
        "lesson": lesson,
        "row": _row(lesson, area_titles()),
        "parts": (
            ("context", _("Context"), lesson.context),
            ("text", lesson_word(lesson), lesson.text),
            ("evidence", _("Evidence"), lesson.evidence),
        ),
        "languages": [
            (code, NATIVE_NAMES[code]) for code in LANGUAGES if code in lesson.title.texts
        ],
        "retired": queries.retirement(lesson) if is_retired and of_secretariat else None,
        "may_change": queries.may_change(user, lesson),
        "may_move": permissions.may_evaluate(user) and not is_retired,
        "form": form or MoveForm(initial={"revision": lesson.revision}),
        "illustrative": lesson.illustrative,
    }


def lesson_word(lesson: Lesson) -> str:
    """What its main part is called."""
    return _("Good practice") if lesson.kind == Lesson.Kind.PRACTICE else _("Lesson")


def move(lesson: Lesson, given: Mapping[str, Any], *, by: User, at: datetime) -> str:
    """Publishes or retires a lesson, as its form says; the sentence that tells so."""
    if given["do"] == "publish":
        services.publish(lesson=lesson, seen_revision=given["revision"], by=by, at=at)
        return _("The lesson is published.")
    services.retire(
        lesson=lesson, seen_revision=given["revision"], reason=given["reason"], by=by, at=at
    )
    return _("The lesson is retired.")


# The form.


def new_form(given: QueryDict | None = None) -> LessonForm:
    """The form of a new lesson, in the reader's language unless another is chosen."""
    initial = {"language": language(), "kind": Lesson.Kind.LESSON.value}
    return LessonForm(given, initial=initial, areas=area_titles())


def change_form(lesson: Lesson, in_language: str) -> ChangeForm:
    """The form of a lesson as it stands in one language."""
    texts = {name: getattr(lesson, name).texts.get(in_language) for name in TEXTS}
    initial = {
        "language": in_language,
        "revision": lesson.revision,
        "kind": lesson.kind,
        "evaluation": lesson.evaluation.code if lesson.evaluation else "",
        "focus_areas": [area.code for area in lesson.focus_areas.all()],
        "countries": [country.iso3 for country in lesson.countries.all()],
        "tags": ", ".join(str(tag.name) for tag in lesson.tags.all()),
        **{name: str(local) if local else "" for name, local in texts.items()},
    }
    return ChangeForm(initial=initial, areas=area_titles(), is_published=_is_published(lesson))


def sent_form(given: QueryDict, lesson: Lesson) -> ChangeForm:
    """The form of a lesson as it was sent."""
    return ChangeForm(given, areas=area_titles(), is_published=_is_published(lesson))


def _is_published(lesson: Lesson) -> bool:
    return lesson.state == Lesson.State.PUBLISHED


def again(given: QueryDict, lesson: Lesson) -> ChangeForm:
    """The same words over what stands now: who sends it once more has read the other's words."""
    data = given.copy()
    data["revision"] = str(lesson.revision)
    renewed = sent_form(data, lesson)
    renewed.full_clean()
    return renewed


def language_asked(given: QueryDict, lesson: Lesson) -> str:
    """The language in which a lesson is to be changed: asked for, the reader's, or its first."""
    wanted = given.get("in", language())
    if wanted in LANGUAGES and ("in" in given or wanted in lesson.title.texts):
        return wanted
    first: str = lesson.title.local().language
    return first


def form_context(
    form: LessonForm, lesson: Lesson | None = None, *, is_stale: bool = False
) -> dict[str, Any]:
    """The page with the form. If it is stale, what stands now is shown beside it."""
    written_in = str(form["language"].value() or language())
    return {
        "form": form,
        "lesson": lesson,
        "tabs": _tabs(lesson, written_in) if lesson else (),
        "in_language": NATIVE_NAMES.get(written_in, ""),
        "standing": _standing(lesson, written_in) if lesson and is_stale else (),
        "illustrative": bool(lesson and lesson.illustrative),
    }


@dataclass(frozen=True)
class Tab:
    """A language of a lesson, and whether it is written in it."""

    code: str
    name: str
    is_written: bool
    current: bool


def _tabs(lesson: Lesson, current: str) -> tuple[Tab, ...]:
    written = lesson.title.texts
    return tuple(
        Tab(code, NATIVE_NAMES[code], code in written, code == current) for code in LANGUAGES
    )


def _standing(lesson: Lesson, in_language: str) -> tuple[tuple[str, Any], ...]:
    """What stands now in one language: label and text."""
    labels = {
        "title": _("Title"),
        "context": _("Context"),
        "text": lesson_word(lesson),
        "evidence": _("Evidence"),
    }
    found = [(labels[name], getattr(lesson, name).texts.get(in_language)) for name in TEXTS]
    return tuple((label, local) for label, local in found if local)


# What fits a place.


@dataclass(frozen=True)
class Place:
    """Where somebody writes: of which focus areas and countries, and what it is called."""

    focus_areas: frozenset[str] = frozenset()
    countries: frozenset[int] = frozenset()
    indicator: Indicator | None = None
    office: Office | None = None


def place_of(given: QueryDict) -> Place | None:
    """The place that an address names; None if it names an indicator or office that is not there.

    The focus area is that of the indicator, else that of the section, else those of the branch.
    The countries are those of the region of a regional office. Four queries at most.
    """
    indicator = office = None
    if code := given.get("indicator", ""):
        found = Indicator.objects.select_related("result__focus_area").filter(code=code)
        indicator = found.first() if is_code(code) else None
    if name := given.get("office", ""):
        offices = Office.objects.select_related("region").filter(code=name)
        office = offices.first() if is_code(name) else None
    if (code and indicator is None) or (name and office is None):
        return None
    countries: frozenset[int] = frozenset()
    if office and office.region:
        countries = frozenset(office.region.countries.values_list("pk", flat=True))
    areas = _areas(indicator, given.get("section", ""), office)
    return Place(areas, countries, indicator, office)


def _areas(indicator: Indicator | None, section: str, office: Office | None) -> frozenset[str]:
    if indicator and indicator.result.focus_area:
        return frozenset({indicator.result.focus_area.code})
    first = section.partition(".")[0]
    if first.startswith("FA") and first[2:].isascii() and first[2:].isdecimal():
        return frozenset({first[:10]})
    if office:
        return frozenset(office.focus_areas.values_list("code", flat=True))
    return frozenset()


def offered_context(user: Person, place: Place, given: QueryDict, *, on: date) -> dict[str, Any]:
    """What fits a place, and why each lesson is offered."""
    words = given.get("q", "")[:LONGEST_ASKED]
    found = queries.fitting(
        focus_areas=place.focus_areas,
        countries=place.countries,
        words=words,
        user=user,
        on=on,
    )
    kept = {name: given[name] for name in ("indicator", "office", "section") if name in given}
    return {
        "heading": _offered_heading(len(found)),
        "offered": [(one.lesson, why(one)) for one in found],
        "place": place,
        "words": words,
        "kept": kept,
        "illustrative": any(one.lesson.illustrative for one in found),
    }


def _offered_heading(count: int) -> str:
    if not count:
        return _("No lesson fits here yet")
    number = {"number": figure(count, 0, language())}
    return ngettext("%(number)s lesson fits here", "%(number)s lessons fit here", count) % number


def why(one: Offered) -> str:
    """Why a lesson is offered, in words."""
    if one.fits == BY_BOTH:
        return _("Same focus area, same region")
    if one.fits == BY_AREA:
        return _("Same focus area")
    return _("Has your words")
