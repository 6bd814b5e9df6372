"""Addresses of the recommendation board."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
