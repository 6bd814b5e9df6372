"""What the data say of the work on reports: which steps of the calendar are over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from focus_areas.models import FocusArea, Period
from indicators.queries.gaps import all_approved
from reporting.kinds import OutlineSection, ReportKind
from reporting.models import Report, Section
from reporting.rules.calendar import Step

WRITTEN = (Section.State.SENT, Section.State.CLEARED)
READY = (Report.State.CLEARED, Report.State.ISSUED)
Turn = tuple[ReportKind, Period]


class Work:
    """The state of the work on some reports, read once for all of them: five queries."""

    def __init__(self, turns: Sequence[Turn], reports: Iterable[Report], today: date) -> None:
        self.today = today
        self.areas = FocusArea.objects.count()
        self.sections: defaultdict[int, list[Section]] = defaultdict(list)
        found = Section.objects.filter(report__in=[report.pk for report in reports])
        for section in found.prefetch_related("texts"):
            self.sections[section.report_id].append(section)
        ended = [(kind, period) for kind, period in turns if period.end < today]
        complete = all_approved([(kind.levels, period) for kind, period in ended])
        self.approved = {
            (kind.code, period.pk)
            for (kind, period), is_complete in zip(ended, complete, strict=True)
            if is_complete
        }

    def done(self, kind: ReportKind, period: Period, report: Report | None) -> frozenset[Step]:
        """The steps that are over. A cleared report is submitted for translation as it stands."""
        done = {Step.DATA} if (kind.code, period.pk) in self.approved else set()
        if report is None or report.pk is None:
            return frozenset(done)
        sections = self.sections[report.pk]
        if sections and self._all_written(kind, sections):
            done.add(Step.DRAFT)
        if report.state in READY:
            done |= {Step.CLEARANCE, Step.SUBMISSION}
            if all(_is_translated(section, kind.languages) for section in sections):
                done.add(Step.TRANSLATION)
        if report.state == Report.State.ISSUED:
            done.add(Step.ISSUE)
        return frozenset(done)

    def _all_written(self, kind: ReportKind, sections: Sequence[Section]) -> bool:
        asked = _texts_asked(kind.outline, self.areas)
        return len([one for one in sections if one.state in WRITTEN]) >= asked


def _texts_asked(sections: Iterable[OutlineSection], areas: int) -> int:
    """How many texts an outline asks for, with those of each focus area."""
    return sum(
        (areas if section.each else 1)
        * (int(section.is_written) + _texts_asked(section.sections, areas))
        for section in sections
    )


def _is_translated(section: Section, languages: Iterable[str]) -> bool:
    """True if the text stands in all languages, each made from the text as it is now."""
    found = {text.language: text for text in section.texts.all()}
    original = found.get(section.original)
    if original is None or not original.body:
        return True
    return all(
        language == section.original
        or (language in found and found[language].translates == original.revision)
        for language in languages
    )
