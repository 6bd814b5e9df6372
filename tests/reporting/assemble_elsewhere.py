"""Run as a script: the same report in another process, on SQLite; prints its hashes as JSON.

It makes what the folder lacks of it: the database, and the demonstration in it.
"""

import hashlib
import json
import sys
from datetime import timedelta

import django

django.setup()

from demonstration_data import ASSEMBLED_AT, AT, load  # Django comes first
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from focus_areas.models import Period
from reporting.assembly import compose, take
from reporting.document import fingerprint
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.rendering import FORMATS, render

if not settings.DATABASES["default"]["NAME"].exists():
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
if not Period.objects.exists():
    load(AT)
translation.activate("ru")
moment = ASSEMBLED_AT + timedelta(days=int(sys.argv[1]))
period = Period.objects.get(code="2016-2017")
document = compose(take(kind=BIENNIAL_PROGRESS, period=period, at=moment))
hashes = {"document": fingerprint(document)}
for wanted in sys.argv[2:]:
    for made in FORMATS:
        content = render(document, wanted, made)
        hashes[f"{wanted}.{made}"] = hashlib.sha256(content).hexdigest()
print(json.dumps(hashes))
