"""The register of projects in words: the list, one project, and its forms."""

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations.forms.projects import ChangedProjectForm, NewProjectForm, ProjectForm
from evaluations.models import Evaluation, Project
from evaluations.pages.coverage_words import MISSING, RULES, TAGS
from evaluations.permissions import Person, is_of_secretariat, may_keep_projects
from evaluations.queries import projects as found
from evaluations.queries.projects import Registered
from evaluations.rules.evaluated import Found
from evaluations.services import projects as services
from focus_areas.queries import texts
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import Wording
from indicators.pages.number_words import begin, in_words
from organization.models import Office, Role, User
from organization.permissions import require

A_PAGE = 50
KEEPERS = (Role.EVALUATION_OFFICER, Role.QUALITY_ASSURANCE)


def require_reader(user: Person) -> None:
    """The register is for the secretariat; for others there is no such page."""
    if not is_of_secretariat(user):
        raise Http404


def register_context(user: Person, asked: QueryDict, *, today: date) -> dict[str, Any]:
    """The list: a search by code, title and office, or those above the threshold."""
    name, office = asked.get("q", "").strip()[:200], asked.get("office", "")[:20]
    above = asked.get("show") == "above"
    register = found.register(on=today, asked=name, office=office, above=above)
    page = Paginator(register.projects, A_PAGE).get_page(asked.get("page"))
    return {
        "heading": _heading(len(register.projects), register.all, above=above),
        "page": page,
        "rows": [(one, *_words(one)) for one in page],
        "asked": name,
        "office": office,
        "above": above,
        "offices": _offices(),
        "all": register.all,
        "thresholds": register.thresholds,
        "may_keep": may_keep_projects(user),
        "illustrative": any(one.project.illustrative for one in page),
    }


def _offices() -> list[Office]:
    return list(Office.objects.exclude(kind=Office.Kind.MISSION))


def _heading(number: int, whole: int, *, above: bool) -> str:
    if not whole:
        return _("The register holds no project yet")
    if not number:
        return _("No project of the register fits")
    if above:
        sentence = ngettext(
            "%(number)s project is above the threshold",
            "%(number)s projects are above the threshold",
            number,
        )
    else:
        sentence = ngettext(
            "%(number)s project in the register", "%(number)s projects in the register", number
        )
    return begin(sentence % {"number": in_words(number)})


def _words(one: Registered) -> tuple[str, str]:
    """The state of a project's external evaluation: its look and its word; empty if not asked."""
    if one.covered is None:
        return "", ""
    tag, words = TAGS[one.covered.found]
    return tag, str(words)


def project_context(user: Person, code: str, *, today: date) -> dict[str, Any]:
    """Everything the page of one project shows."""
    known = found.one_project(code, on=today)
    if known is None:
        raise Http404
    one, gathered = known
    tag, state = _words(one)
    return facts_of(one.project) | {
        "one": one,
        "tag": tag,
        "state": state,
        "gaps": [
            (RULES[gap.rule], MISSING[gap.rule][gap.found == Found.LATE], gap.where)
            for gap in one.gaps
        ],
        "evaluations": Evaluation.objects.filter(scopes__project=one.project).order_by("code"),
        "thresholds": gathered.thresholds,
        "may_keep": may_keep_projects(user),
    }


def facts_of(project: Project) -> dict[str, Any]:
    """What the register says of a project, with the names of its focus areas and countries."""
    titles = area_titles()
    areas = sorted(project.focus_areas.all(), key=lambda area: area.number)
    return {
        "project": project,
        "areas": [(area.code, titles.get(area.code)) for area in areas],
        "countries": sorted(project.countries.all(), key=str),
        "illustrative": project.illustrative,
    }


def area_titles() -> dict[str, Wording]:
    """Code of a focus area → its title."""
    found_texts = texts(kinds=["title"])
    return {code.removesuffix(".title"): text.wording for code, text in found_texts.items()}


def project_or_404(code: str) -> Project:
    """The project that an address names."""
    row = Project.objects.select_related("office").filter(code=code).first()
    if row is None:
        raise Http404
    return row


def new_form(user: User) -> NewProjectForm:
    """The empty form. Raises NotAllowed."""
    require(user, *KEEPERS)
    return NewProjectForm(initial={"language": get_language()}, titles=area_titles())


def add(user: User, typed: QueryDict, *, at: datetime) -> tuple[Project | None, ProjectForm]:
    """Enters what was typed: the project; or the form with what was refused."""
    require(user, *KEEPERS)
    form = NewProjectForm(typed, titles=area_titles())
    if not form.is_valid():
        return None, form
    given = {name: form.cleaned_data[name] for name in ("code", "language")}
    try:
        return services.add_project(given=form.facts(), by=user, at=at, **given), form
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
    return None, form


def change_form(user: User, project: Project) -> ChangedProjectForm:
    """The form with what the register says; the title in the reader's language, if it has one."""
    require(user, *KEEPERS)
    title = project.title.local()
    facts = ("office", "budget", "evaluation_budget", "starts_on", "ends_on", "closed_on", "source")
    initial: dict[str, Any] = {name: getattr(project, name) for name in facts}
    initial |= {
        "language": title.language,
        "title": title.text,
        "focus_areas": list(project.focus_areas.all()),
        "countries": list(project.countries.all()),
        "seen_revision": project.revision,
    }
    return ChangedProjectForm(initial=initial, titles=area_titles())


def change(
    user: User, project: Project, typed: QueryDict, *, at: datetime
) -> tuple[Project | None, ProjectForm, int]:
    """Keeps what was typed: the project; or the form with what was refused, and the status."""
    require(user, *KEEPERS)
    titles = area_titles()
    form = ChangedProjectForm(typed, titles=titles)
    if not form.is_valid():
        return None, form, 422
    given = {name: form.cleaned_data[name] for name in ("language", "reason", "seen_revision")}
    try:
        kept = services.keep_project(project=project, given=form.facts(), by=user, at=at, **given)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        if broken.code != "changed_elsewhere":
            form.refuse(broken)
            return None, form, 422
        # What it says now stands beside the form; who sends it once more has read that.
        again = typed.copy()
        again["seen_revision"] = str(project_or_404(project.code).revision)
        form = ChangedProjectForm(again, titles=titles)
        form.refuse(broken)
        return None, form, 409
    return kept, form, 200
