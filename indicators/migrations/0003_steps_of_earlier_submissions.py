"""Makes the steps of submissions that were taken before steps were kept, from their stamps.

What was handed in then was not kept, so these steps hold no content.
"""

from django.db import migrations

WAYS = {
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "approved": ("submit", "approve"),
    "verified": ("submit", "approve", "verify"),
}
STAMPS = {"submit": "submitted", "return": "returned", "approve": "approved", "verify": "verified"}


def make_steps(apps, schema_editor):
    Submission = apps.get_model("indicators", "Submission")
    Step = apps.get_model("indicators", "SubmissionStep")
    steps = []
    for submission in Submission.objects.filter(steps__isnull=True, state__in=WAYS).iterator():
        number = 0
        for action in WAYS[submission.state]:
            at = getattr(submission, f"{STAMPS[action]}_at")
            by = getattr(submission, f"{STAMPS[action]}_by_id")
            if at is None or by is None:
                continue
            number += 1
            steps.append(
                Step(
                    submission=submission,
                    number=number,
                    action=action,
                    note=submission.return_note if action == "return" else "",
                    made_at=at,
                    made_by_id=by,
                )
            )
    Step.objects.bulk_create(steps, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0002_entry_by_offices'),
    ]

    operations = [
        # The table of steps cannot be emptied again: going back leaves them.
        migrations.RunPython(make_steps, migrations.RunPython.noop),
    ]
