"""Addresses of the API: published figures and issued reports for all; entry for those who enter."""

from django.urls import path

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
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<slug:slug>/", ReportDetail.as_view(), name="report"),
]
