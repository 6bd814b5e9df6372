"""Guards what must not change.

A migration of its own: a guard names the unique values of its table, and SQLite makes those that
are unique under a condition only at the end of the migration that makes the table.
"""

from django.db import migrations

from habitat_plan.kit.unchangeable import Unchangeable


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_learning")]

    operations = [
        Unchangeable("evaluations_evaluationstep"),
        Unchangeable("evaluations_amendment"),
        Unchangeable("evaluations_planversion"),
        Unchangeable("evaluations_managementresponse"),
        Unchangeable("evaluations_answer"),
        Unchangeable("evaluations_followup"),
        Unchangeable("evaluations_followupevidence"),
        Unchangeable("evaluations_evaluation", final=("state", "published")),
        Unchangeable("evaluations_scope", final=("state", "published")),
        Unchangeable("evaluations_teammember", final=("state", "published")),
        Unchangeable("evaluations_criterionrating", final=("state", "published")),
        Unchangeable("evaluations_finding", final=("state", "published")),
        Unchangeable("evaluations_evaluationfile", final=("state", "published")),
        Unchangeable("evaluations_recommendation", final=("state", "published")),
    ]
