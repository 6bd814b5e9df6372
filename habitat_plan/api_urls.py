"""Addresses of the read API: published figures and issued reports. Nobody signs in here."""

from django.urls import path

from indicators.api import IndicatorDetail, IndicatorList
from reporting.api import ReportDetail, ReportList

app_name = "api"
urlpatterns = [
    path("indicators/", IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:code>/", IndicatorDetail.as_view(), name="indicator"),
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<slug:slug>/", ReportDetail.as_view(), name="report"),
]
