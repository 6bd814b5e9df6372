import django.db.models.deletion
import habitat_plan.kit.wording
from django.conf import settings
from django.db import migrations, models

from habitat_plan.kit.unchangeable import Unchangeable


class Migration(migrations.Migration):

    dependencies = [
        ('focus_areas', '0001_plan'),
        ('organization', '0003_tries_of_notices'),
        ('reporting', '0001_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeadTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(choices=[('governing_council', 'Governing Council'), ('committee', 'Committee of Permanent Representatives'), ('general_assembly', 'General Assembly'), ('secretariat', 'Secretariat of the United Nations')], max_length=20)),
                ('step', models.CharField(choices=[('data', 'figures approved'), ('draft', 'text written'), ('clearance', 'cleared'), ('submission', 'submitted for translation'), ('translation', 'translated'), ('issue', 'issued in six languages')], max_length=12)),
                ('days', models.PositiveSmallIntegerField()),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['body', '-days'],
                'constraints': [models.UniqueConstraint(fields=('body', 'step'), name='reporting_lead_time_once'), models.CheckConstraint(condition=models.Q(('step__in', ['data', 'draft', 'clearance', 'submission', 'translation', 'issue'])), name='reporting_lead_time_step_known')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paragraph', models.PositiveIntegerField(default=0)),
                ('text', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='organization.office')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='reporting.report')),
            ],
            options={
                'ordering': ['report', 'paragraph', 'asked_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reporting_question_asks_something'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='reporting_question_answered_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('original', models.CharField(choices=[('ar', 'Arabic'), ('zh', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('ru', 'Russian'), ('es', 'Spanish')], default='en', max_length=2)),
                ('state', models.CharField(choices=[('draft', 'being written'), ('shared', 'shared with the office'), ('sent', 'sent for clearance'), ('returned', 'returned'), ('cleared', 'cleared')], default='draft', max_length=10)),
                ('note', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='organization.office')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='reporting.report')),
                ('writer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['report', 'id'],
                'constraints': [models.UniqueConstraint(fields=('report', 'code'), name='reporting_section_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'shared', 'sent', 'returned', 'cleared'])), name='reporting_section_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='reporting_section_returned_with_a_note')],
            },
        ),
        migrations.CreateModel(
            name='BoundFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80)),
                ('value', models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ('nothing', models.CharField(blank=True, max_length=20)),
                ('seen_at', models.DateTimeField()),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bound', to='reporting.section')),
            ],
            options={
                'ordering': ['section', 'id'],
                'constraints': [models.UniqueConstraint(fields=('section', 'reference'), name='reporting_bound_figure_once'), models.CheckConstraint(condition=models.Q(models.Q(('nothing', ''), ('value__isnull', False)), models.Q(('value__isnull', True), models.Q(('nothing', ''), _negated=True)), _connector='OR'), name='reporting_bound_figure_value_or_nothing')],
            },
        ),
        migrations.CreateModel(
            name='SectionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quote', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='reporting.section')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['section', 'made_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reporting_comment_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='reporting_comment_settled_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='SectionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('zh', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=2)),
                ('body', models.TextField(blank=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('translates', models.PositiveIntegerField(blank=True, null=True)),
                ('words', models.PositiveIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='reporting.section')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['section', 'language'],
                'constraints': [models.UniqueConstraint(fields=('section', 'language'), name='reporting_text_once_in_a_language')],
            },
        ),
        migrations.CreateModel(
            name='SectionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('body', models.TextField(blank=True)),
                ('written_at', models.DateTimeField()),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='reporting.sectiontext')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['text', '-revision'],
                'constraints': [models.UniqueConstraint(fields=('text', 'revision'), name='reporting_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('body', models.CharField(choices=[('governing_council', 'Governing Council'), ('committee', 'Committee of Permanent Representatives'), ('general_assembly', 'General Assembly'), ('secretariat', 'Secretariat of the United Nations')], max_length=20)),
                ('name', habitat_plan.kit.wording.WordingField()),
                ('place', habitat_plan.kit.wording.WordingField(blank=True, default=dict)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('is_assumed', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['starts_on', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='reporting_session_ends_after_start'), models.CheckConstraint(condition=models.Q(('body__in', ['governing_council', 'committee', 'general_assembly', 'secretariat'])), name='reporting_session_body_known'), models.CheckConstraint(condition=models.Q(('is_assumed', True), models.Q(('source', ''), _negated=True), _connector='OR'), name='reporting_session_date_has_a_source')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='focus_areas.period')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='reporting.session')),
            ],
            options={
                'ordering': ['session__starts_on', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'period'), name='reporting_slot_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='reporting_report_once',
        ),
        migrations.AddField(
            model_name='report',
            name='agenda_item',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='report',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrigenda', to='reporting.report'),
        ),
        migrations.AddField(
            model_name='report',
            name='ordinal',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='report',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reporting.session'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('kind', 'period'), name='reporting_report_once'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('corrects', 'ordinal'), name='reporting_corrigendum_once'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('ordinal', 0)), models.Q(('corrects__isnull', False), ('ordinal__gte', 1)), _connector='OR'), name='reporting_corrigendum_has_a_number'),
        ),
        Unchangeable(
            table='reporting_report',
            final=('state', 'issued'),
        ),
        Unchangeable(
            table='reporting_sectionversion',
        ),
    ]
