"""Addresses of the evaluation plan, coverage and projects."""

from django.urls import URLPattern, path

from evaluations.views import coverage, plan, projects
from organization.kept import for_the_public

PROJECTS = "evaluation-plan/projects/"
BIENNIUM = "evaluation-plan/<slug:biennium>/"
VERSION = f"{BIENNIUM}versions/<int:number>/"
urlpatterns: list[URLPattern] = [
    path("evaluation-plan/", for_the_public(plan.index), name="evaluation-plan"),
    path("evaluation-plan/coverage/", coverage.index, name="coverage"),
    path(PROJECTS, projects.index, name="projects"),
    path(f"{PROJECTS}new/", projects.new, name="project-new"),
    path(f"{PROJECTS}<slug:code>/", projects.project, name="project"),
    path(f"{PROJECTS}<slug:code>/change/", projects.change, name="project-change"),
    path(f"{BIENNIUM}plan.<str:format>", plan.file, name="plan-file"),
    path(f"{BIENNIUM}approve/", plan.approve, name="plan-approve"),
    path(VERSION, for_the_public(plan.version), name="plan-version"),
    path(f"{VERSION}plan.<str:format>", plan.version_file, name="plan-version-file"),
]
