import habitat_plan.kit.wording
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0002_family_of_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='organ',
            field=habitat_plan.kit.wording.WordingField(blank=True, default=dict),
        ),
    ]
