from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_mail_and_access_keys")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="notice",
            name="try_after",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
