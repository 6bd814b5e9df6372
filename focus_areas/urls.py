"""Addresses of the plan itself."""

from django.urls import path

from focus_areas import views
from organization.kept import for_the_public

urlpatterns = [
    path("plan/", for_the_public(views.plan), name="plan"),
    path("plan/wordings/<str:code>/", for_the_public(views.wordings), name="wordings"),
]
