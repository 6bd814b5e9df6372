"""Addresses of what offices write in reports."""

from django.urls import path

from reporting.views import narrative

DRAFT = "reports/<slug:slug>/draft/"
SECTION = f"{DRAFT}<str:code>/"

urlpatterns = [
    path("sections/", narrative.mine, name="my-sections"),
    path(DRAFT, narrative.draft, name="report-draft"),
    path(SECTION, narrative.section, name="report-section"),
    path(f"{SECTION}save/", narrative.save, name="section-save"),
    path(f"{SECTION}figures/", narrative.figures, name="section-figures"),
    path(f"{SECTION}versions/", narrative.versions, name="section-versions"),
    path(f"{SECTION}versions/<int:revision>/", narrative.version, name="section-version"),
]
