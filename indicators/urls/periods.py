"""Addresses of the calendar of years."""

from django.urls import URLPattern, path

from indicators.views import periods

urlpatterns: list[URLPattern] = [
    path("periods/", periods.index, name="periods"),
    path("periods/<str:code>/", periods.period, name="period"),
]
