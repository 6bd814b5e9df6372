"""What the tests of this folder share."""

import sys
from pathlib import Path

from django.conf import settings
from migrated_file import migrated  # noqa: F401  # a fixture

# The drills of mail share the machinery of the drills of jobs.
sys.path.append(str(Path(__file__).resolve().parents[1] / "jobs"))

# The drill with Celery needs PostgreSQL and Redis; without them it is not part of the suite.
collect_ignore = ["test_organization_notices_drill_services.py"] if settings.EMBEDDED else []
