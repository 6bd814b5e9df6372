"""Addresses of submissions, of the history of a figure and of its corrections."""

from django.urls import URLPattern, path

from indicators.views import review

urlpatterns: list[URLPattern] = [
    path("submissions/", review.queue, name="submissions"),
    path("submissions/<int:number>/", review.submission, name="submission"),
]
