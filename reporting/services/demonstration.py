"""Texts of the demonstration: each says that it is one; its figures are bound like any other."""

import json
from datetime import datetime
from pathlib import Path

from organization.models import User
from reporting.models import Report, Section, SectionText
from reporting.services import narrative, section_steps


def write_demonstration(*, report: Report, fixtures: Path, editor: User, at: datetime) -> None:
    """Opens the sections of a report and writes those that the demonstration has texts for.

    Done again it changes nothing: what somebody wrote meanwhile stays.
    """
    narrative.open_sections(report=report, by=editor, at=at)
    file = fixtures / "demonstration" / "narrative.json"
    texts = json.loads(file.read_text(encoding="utf-8"))
    wanted = texts.get(f"{report.kind} {report.period.code}", {})
    for section in report.sections.filter(code__in=wanted, state=Section.State.DRAFT):
        _write(section, wanted[section.code], editor, at)
        section_steps.send(section=section, by=editor, at=at)
        section_steps.accept(section=section, by=editor, at=at)


def _write(section: Section, bodies: dict[str, str], editor: User, at: datetime) -> None:
    """The original first; translations are of its revision."""
    for language, body in bodies.items():
        if not SectionText.objects.filter(section=section, language=language).exists():
            narrative.save(
                section=section, language=language, body=body, seen_revision=0, by=editor, at=at
            )
