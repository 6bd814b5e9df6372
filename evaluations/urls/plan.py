"""Addresses of the evaluation plan, coverage and projects."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
