"""Addresses of lessons and good practices, and of what recommendations touch."""

from django.urls import URLPattern, path

from evaluations.views import lessons, links
from organization.kept import for_the_public

urlpatterns: list[URLPattern] = [
    path("lessons/", for_the_public(lessons.index), name="lessons"),
    path("lessons/new/", lessons.new, name="lesson-new"),
    path("lessons/offered/", lessons.offered, name="lessons-offered"),
    path("lessons/<int:number>/", for_the_public(lessons.lesson), name="lesson"),
    path("lessons/<int:number>/change/", lessons.change, name="lesson-change"),
    path("lessons/<int:number>/state/", lessons.move, name="lesson-state"),
    path("recommendations/<slug:code>/links/", links.links, name="recommendation-links"),
]
