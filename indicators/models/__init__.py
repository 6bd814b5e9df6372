"""The tables of measurement, one module an idea."""

from indicators.models.authorities import Achievement, Authority, AuthorityName, Distinction
from indicators.models.definitions import (
    Assignment,
    Axis,
    Baseline,
    Category,
    Indicator,
    IndicatorOption,
    RatingGrade,
    RatingScale,
    Target,
)
from indicators.models.figures import (
    CheckAnswer,
    Correction,
    Evidence,
    Figure,
    FigurePart,
    Remark,
)
from indicators.models.statistics import Observation, PublishedAggregate, Series
from indicators.models.submissions import (
    PeriodException,
    PeriodWindow,
    Submission,
    SubmissionStep,
)
from indicators.models.uploads import Upload

__all__ = [
    "Achievement",
    "Assignment",
    "Authority",
    "AuthorityName",
    "Axis",
    "Baseline",
    "Category",
    "CheckAnswer",
    "Correction",
    "Distinction",
    "Evidence",
    "Figure",
    "FigurePart",
    "Indicator",
    "IndicatorOption",
    "Observation",
    "PeriodException",
    "PeriodWindow",
    "PublishedAggregate",
    "RatingGrade",
    "RatingScale",
    "Remark",
    "Series",
    "Submission",
    "SubmissionStep",
    "Target",
    "Upload",
]
