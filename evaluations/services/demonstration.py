"""The demonstration of evaluations: projects, a plan, what was recommended and done, lessons.

All of it is made up and says so. It is recorded by the services that people use, as an evaluation
officer of the demonstration, with days up to 15 January 2018; loading again changes nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from evaluations.models import (
    Evaluation,
    FollowUp,
    FollowUpState,
    Mandate,
    Project,
    Recommendation,
    Tag,
)
from evaluations.services import evaluation_parts, evaluations, lessons, links, plans
from evaluations.services.lessons import Written
from evaluations.services.recorded import record
from evaluations.services.told import Told, ToldAction, ToldAnswer, ToldStep
from focus_areas.models import FocusArea, Period
from habitat_plan.kit.wording import Wording
from indicators.services.demonstration import DOMAIN
from organization.models import Country, Office, User
from organization.services import audit

OFFICER = "evaluation"
SOURCE = "Demonstration, invented: there is no such report"
LINK = "https://example.org/demonstration/"
OTHERS = ("fr", "es", "ru", "ar", "zh")
"""Languages after English, in which everything is written first."""
BY_THE_UNIT = frozenset({FollowUp.Kind.VERIFIED, FollowUp.Kind.RETURNED, FollowUp.Kind.OVERTAKEN})
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """What the demonstration is played with."""

    raw: Raw
    officer: User
    at: datetime
    offices: Mapping[str, Office]
    areas: Mapping[str, FocusArea]
    countries: Mapping[str, Country]
    people: Mapping[str, User]

    @property
    def by(self) -> dict[str, Any]:
        """Who records, and when."""
        return {"by": self.officer, "at": self.at}


@transaction.atomic
def load_learning(*, fixtures: Path, at: datetime) -> bool:
    """Loads the demonstration of evaluations once; False if it is there already.

    People, plan and published evaluations are loaded before.
    """
    if Project.objects.filter(code__startswith="demo-").exists():
        return False
    stage = _stage(fixtures, at)
    projects = _projects(stage)
    planned = [_planned(stage, one, projects) for one in stage.raw["evaluations"]]
    for one in stage.raw["plans"]:
        plans.approve_plan(
            biennium=Period.objects.get(code=one["biennium"]),
            decision=one["decision"],
            approved_on=date.fromisoformat(one["approved_on"]),
            reason="",
            **stage.by,
        )
    for raw, evaluation in zip(stage.raw["evaluations"], planned, strict=True):
        _carried_on(stage, raw, evaluation)
    _recommendations(stage)
    _lessons(stage)
    return True


def _stage(fixtures: Path, at: datetime) -> Stage:
    file = fixtures / "demonstration" / "evaluations.json"
    people = User.objects.filter(email__endswith=f"@{DOMAIN}")
    by_name = {one.email.partition("@")[0]: one for one in people}
    return Stage(
        raw=json.loads(file.read_text(encoding="utf-8")),
        officer=by_name[OFFICER],
        at=at,
        offices={one.code: one for one in Office.objects.all()},
        areas={one.code: one for one in FocusArea.objects.all()},
        countries={one.iso3: one for one in Country.objects.filter(illustrative=True)},
        people=by_name,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _projects(stage: Stage) -> dict[str, Project]:
    """The projects by code, in one go: their titles stand in six languages."""
    rows = [
        Project(
            code=one["code"],
            title=Wording.parse(one["title"]),
            office=stage.offices[one["office"]],
            budget=Decimal(one["budget"]),
            evaluation_budget=Decimal(one["evaluation_budget"] or 0) or None,
            starts_on=date.fromisoformat(one["starts_on"]),
            ends_on=date.fromisoformat(one["ends_on"]),
            closed_on=_day(one["closed_on"]),
            source="Demonstration, invented",
            illustrative=True,
        )
        for one in stage.raw["projects"]
    ]
    Project.objects.bulk_create(rows)
    for row, one in zip(rows, stage.raw["projects"], strict=True):
        row.focus_areas.set(stage.areas[code] for code in one["focus_areas"])
        row.countries.set(stage.countries[code] for code in one["countries"])
    audit.record_all(
        changes=[
            audit.Change(
                "add project",
                row,
                {"title": (None, row.title), "budget": (None, row.budget)},
                reason=row.source,
                office=row.office,
            )
            for row in rows
        ],
        **stage.by,
    )
    return {row.code: row for row in rows}


def _planned(stage: Stage, raw: Raw, projects: Mapping[str, Project]) -> Evaluation:
    """An evaluation as it was taken into the plan, with its title in six languages."""
    mandate = Mandate.objects.get(code=raw["mandate"]) if raw["mandate"] else None
    one = evaluations.plan_evaluation(
        code=raw["code"],
        title=raw["title"]["en"],
        language="en",
        kind=raw["kind"],
        plan=Period.objects.get(code=raw["plan"]),
        mandate=mandate,
        conducted_by=raw["conducted_by"],
        budget=Decimal(raw["budget"]),
        starts_on=_day(raw["starts_on"]),
        ends_on=_day(raw["ends_on"]),
        purpose="",
        illustrative=True,
        **stage.by,
    )
    for language in OTHERS:
        one = evaluations.change_evaluation(
            evaluation=one,
            seen_revision=one.revision,
            language=language,
            title=raw["title"][language],
            **stage.by,
        )
    scopes: Sequence[Sequence[str]] = raw["scopes"]
    return evaluation_parts.set_scope(
        evaluation=one,
        seen_revision=one.revision,
        plan=any(kind == "plan" for kind, _code in scopes),
        focus_areas=[stage.areas[code] for kind, code in scopes if kind == "focus_area"],
        projects=[projects[code] for kind, code in scopes if kind == "project"],
        **stage.by,
    )


def _carried_on(stage: Stage, raw: Raw, one: Evaluation) -> None:
    """What became of the evaluation until 2018."""
    for to, on in raw["steps"]:
        one = evaluations.move(
            evaluation=one,
            to=to,
            reason="",
            on=date.fromisoformat(on),
            seen_revision=one.revision,
            **stage.by,
        )
    published_on = _day(raw["published_on"])
    if published_on is None:
        return
    one = evaluations.change_evaluation(
        evaluation=one,
        seen_revision=one.revision,
        language="en",
        source=SOURCE,
        link=f"{LINK}{one.code}",
        **stage.by,
    )
    evaluations.publish(
        evaluation=one,
        report_number=None,
        report_year=published_on.year,
        on=published_on,
        embargo_until=None,
        seen_revision=one.revision,
        **stage.by,
    )


def _recommendations(stage: Stage) -> None:
    """Recommendations of published evaluations, what was answered and done, what they touch."""
    states = {one.code: one for one in FollowUpState.objects.all()}
    codes = {one["evaluation"] for one in stage.raw["recommendations"]}
    found = {one.code: one for one in Evaluation.objects.filter(code__in=codes)}
    told = [
        Told(
            evaluation=found[one["evaluation"]],
            number=one["number"],
            text=Wording.parse(one["text"]),
            office=stage.offices[one["office"]],
            priority=one["priority"],
            illustrative=True,
            answer=_answer(stage, one),
            actions=tuple(_actions(stage, one, states)),
        )
        for one in stage.raw["recommendations"]
    ]
    rows = record(told=told, **stage.by)
    for row, one in zip(rows, stage.raw["recommendations"], strict=True):
        _linked(stage, row, one)


def _answer(stage: Stage, raw: Raw) -> ToldAnswer | None:
    if "answer" not in raw:
        return None
    given = raw["answer"]
    reason = stage.raw["reasons"][given["reason"]] if "reason" in given else {}
    return ToldAnswer(
        given["decision"], date.fromisoformat(given["on"]), reason=Wording.parse(reason)
    )


def _actions(stage: Stage, raw: Raw, states: Mapping[str, FollowUpState]) -> Iterator[ToldAction]:
    for one in raw.get("actions", ()):
        owner = stage.people.get(f"{raw['office'].lower()}.enter")
        yield ToldAction(
            text=Wording.parse(stage.raw["actions"][one["text"]]),
            office=stage.offices[raw["office"]],
            planned_on=date.fromisoformat(raw["answer"]["on"]),
            due_on=_day(one["due_on"]),
            steps=tuple(
                ToldStep(
                    kind=FollowUp.Kind(entry["kind"]),
                    state=states[entry["state"]],
                    on=date.fromisoformat(entry["on"]),
                    text=entry["text"],
                    reason=entry.get("reason", ""),
                    by=stage.officer if entry["kind"] in BY_THE_UNIT else owner,
                )
                for entry in one["steps"]
            ),
        )


def _linked(stage: Stage, row: Recommendation, raw: Raw) -> None:
    for kind, code in raw.get("links", ()):
        links.link(recommendation=row, kind=kind, thing=code, note="", language="en", **stage.by)


def _lessons(stage: Stage) -> None:
    """Lessons in six languages, published; their tags stand in six languages too."""
    tags = [Tag(code=code, name=Wording.parse(name)) for code, name in stage.raw["tags"].items()]
    Tag.objects.bulk_create(tags)
    audit.record_all(
        changes=[audit.Change("add tag", tag, {"name": (None, tag.name)}) for tag in tags],
        **stage.by,
    )
    for raw in stage.raw["lessons"]:
        one = lessons.write(written=_written(stage, raw, "en"), illustrative=True, **stage.by)
        for language in OTHERS:
            one = lessons.change(
                lesson=one,
                written=_written(stage, raw, language),
                seen_revision=one.revision,
                reason="",
                **stage.by,
            )
        lessons.publish(lesson=one, seen_revision=one.revision, **stage.by)


def _written(stage: Stage, raw: Raw, language: str) -> Written:
    evaluation = raw["evaluation"]
    return Written(
        kind=raw["kind"],
        language=language,
        evaluation=Evaluation.objects.get(code=evaluation) if evaluation else None,
        focus_areas=tuple(stage.areas[code] for code in raw["focus_areas"]),
        countries=tuple(stage.countries[code] for code in raw["countries"]),
        tags=tuple(raw["tags"]),
        **{name: raw[name][language] for name in lessons.TEXTS},
    )
