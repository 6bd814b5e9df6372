"""Addresses of the plan itself."""

from django.urls import path

from focus_areas import views

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/wordings/<str:code>/", views.wordings, name="wordings"),
]
