"""Addresses of published evaluations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
