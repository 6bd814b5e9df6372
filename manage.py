#!/usr/bin/env python
"""The one entry point: `python manage.py help` lists what can be done."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_plan.settings")
    execute_from_command_line(sys.argv)
