"""Addresses of the API: what is published, for all; entry and follow-up, signed in."""

from django.urls import path

from evaluations.api.follow_ups import FollowUps
from evaluations.api.published import (
    EvaluationDetail,
    EvaluationList,
    LessonList,
    RecommendationDetail,
    RecommendationList,
)
from indicators.api.entry import OfficeFigure, OfficeSubmission, OfficeYear
from indicators.api.published import IndicatorDetail, IndicatorList
from reporting.api import ReportDetail, ReportList

app_name = "api"
urlpatterns = [
    path("indicators/", IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:code>/", IndicatorDetail.as_view(), name="indicator"),
    path("offices/<str:office>/<str:period>/", OfficeYear.as_view(), name="office-year"),
    path(
        "offices/<str:office>/<str:period>/submission/",
        OfficeSubmission.as_view(),
        name="office-submission",
    ),
    path(
        "offices/<str:office>/<str:period>/<str:indicator>/",
        OfficeFigure.as_view(),
        name="office-figure",
    ),
    path("evaluations/", EvaluationList.as_view(), name="evaluations"),
    path("evaluations/<slug:code>/", EvaluationDetail.as_view(), name="evaluation"),
    path("recommendations/", RecommendationList.as_view(), name="recommendations"),
    path("recommendations/<slug:code>/", RecommendationDetail.as_view(), name="recommendation"),
    path(
        "recommendations/<slug:code>/actions/<int:number>/follow-ups/",
        FollowUps.as_view(),
        name="action-follow-ups",
    ),
    path("lessons/", LessonList.as_view(), name="lessons"),
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<slug:slug>/", ReportDetail.as_view(), name="report"),
]
