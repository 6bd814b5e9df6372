"""The tables of measurement, one module an idea."""

from indicators.models.authorities import Achievement, Authority
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
from indicators.models.figures import CheckAnswer, Correction, Evidence, Figure, FigurePart
from indicators.models.statistics import Observation, PublishedAggregate, Series
from indicators.models.submissions import PeriodException, PeriodWindow, Submission

__all__ = [
    "Achievement",
    "Assignment",
    "Authority",
    "Axis",
    "Baseline",
    "Category",
    "CheckAnswer",
    "Correction",
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
    "Series",
    "Submission",
    "Target",
]
