"""Evaluations and their plan, recommendations and what is done about them, lessons, projects."""

from evaluations.models.actions import Action, FollowUp, FollowUpEvidence, FollowUpState
from evaluations.models.evaluations import (
    Criterion,
    CriterionGrade,
    Evaluation,
    Mandate,
)
from evaluations.models.imports import RecommendationList
from evaluations.models.lessons import Lesson, Tag
from evaluations.models.parts import (
    Amendment,
    CriterionRating,
    EvaluationFile,
    EvaluationStep,
    Finding,
    Scope,
    TeamMember,
)
from evaluations.models.plans import PlanVersion
from evaluations.models.projects import Project, Threshold
from evaluations.models.recommendations import (
    Answer,
    Link,
    ManagementResponse,
    Recommendation,
    Stand,
)
from evaluations.models.standing import Standing

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
