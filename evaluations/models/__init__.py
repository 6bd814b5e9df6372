"""Evaluations and their plan, recommendations and what is done about them, lessons, projects."""

from evaluations.models.evaluations import (
    Amendment,
    Criterion,
    CriterionGrade,
    CriterionRating,
    Evaluation,
    EvaluationFile,
    EvaluationStep,
    Finding,
    Mandate,
    Scope,
    Standing,
    TeamMember,
)
from evaluations.models.imports import RecommendationList
from evaluations.models.lessons import Lesson, Tag
from evaluations.models.plans import PlanVersion
from evaluations.models.projects import Project, Threshold
from evaluations.models.recommendations import (
    Action,
    Answer,
    FollowUp,
    FollowUpEvidence,
    FollowUpState,
    Link,
    ManagementResponse,
    Recommendation,
    Stand,
)

__all__ = [
    "Action",
    "Amendment",
    "Answer",
    "Criterion",
    "CriterionGrade",
    "CriterionRating",
    "Evaluation",
    "EvaluationFile",
    "EvaluationStep",
    "Finding",
    "FollowUp",
    "FollowUpEvidence",
    "FollowUpState",
    "Lesson",
    "Link",
    "ManagementResponse",
    "Mandate",
    "PlanVersion",
    "Project",
    "Recommendation",
    "RecommendationList",
    "Scope",
    "Stand",
    "Standing",
    "Tag",
    "TeamMember",
    "Threshold",
]
