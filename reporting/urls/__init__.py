"""Addresses of the home page, of reports, and of the work on them."""

from reporting.urls import calendar, committee, corrections, narrative, reports, translation

urlpatterns = [
    *calendar.urlpatterns,
    *committee.urlpatterns,
    *corrections.urlpatterns,
    *narrative.urlpatterns,
    *reports.urlpatterns,
    *translation.urlpatterns,
]
