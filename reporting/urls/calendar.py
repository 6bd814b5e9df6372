"""Addresses of the calendar of reports."""

from django.urls import path

from reporting.views import calendar

urlpatterns = [
    path("reports/calendar/", calendar.index, name="calendar"),
    path("reports/calendar.ics", calendar.download, name="calendar-file"),
    path("reports/calendar/sessions/<slug:code>/", calendar.session, name="calendar-session"),
    path("reports/calendar/<slug:slug>/", calendar.report, name="calendar-report"),
]
