"""Addresses of submissions, of the history of a figure, of its corrections and questions on it."""

from django.urls import URLPattern, path

from indicators.views import corrections, history, review

FIGURE = "offices/<str:office>/<str:period>/<str:indicator>/"

urlpatterns: list[URLPattern] = [
    path("submissions/", review.queue, name="submissions"),
    path("submissions/<int:number>/", review.submission, name="submission"),
    path("offices/<str:office>/<str:period>/preview/", review.preview, name="office-preview"),
    path(f"{FIGURE}history/", history.figure, name="figure-history"),
    path(f"{FIGURE}correct/", corrections.correct, name="figure-correct"),
    path(f"{FIGURE}queries/", history.queries_on, name="figure-queries"),
    path("corrections/", corrections.index, name="corrections"),
    path("queries/", history.queries, name="queries"),
]
