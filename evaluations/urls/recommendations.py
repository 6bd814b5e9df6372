"""Addresses of one recommendation."""

from django.urls import URLPattern, path

from evaluations.views import follow_ups, recommendation
from organization.kept import for_the_public

ONE = "recommendations/<slug:code>/"
urlpatterns: list[URLPattern] = [
    path(ONE, for_the_public(recommendation.recommendation), name="recommendation"),
    path(f"{ONE}answer/", recommendation.answer, name="recommendation-answer"),
    path(f"{ONE}change/", recommendation.change, name="recommendation-change"),
    path(f"{ONE}actions/new/", recommendation.plan, name="recommendation-action-new"),
    path(f"{ONE}actions/<int:number>/<slug:step>/", follow_ups.step, name="recommendation-action"),
    path(f"{ONE}evidence/<int:number>/", follow_ups.evidence, name="recommendation-evidence"),
    path(
        "evaluations/<slug:code>/recommendations/new/",
        recommendation.new,
        name="recommendation-new",
    ),
    path("evaluations/<slug:code>/response/", recommendation.response, name="evaluation-response"),
]
