"""Addresses of evaluations, recommendations, lessons, and the work on them."""

from evaluations.urls import (
    board,
    evaluations,
    imports,
    lessons,
    plan,
    recommendations,
    site,
)

urlpatterns = [
    *plan.urlpatterns,
    *imports.urlpatterns,
    *board.urlpatterns,
    *recommendations.urlpatterns,
    *lessons.urlpatterns,
    *evaluations.urlpatterns,
    *site.urlpatterns,
]
