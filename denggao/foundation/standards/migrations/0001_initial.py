import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Industry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Occupation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(help_text='The code in the newest edition known.', max_length=20, unique=True)),
                ('name_key', models.CharField(max_length=120, unique=True)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='standards.occupation')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='JobTitle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name_zh', models.CharField(max_length=120)),
                ('name_key', models.CharField(max_length=120, unique=True)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('confidence', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('occupation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='job_titles', to='standards.occupation')),
            ],
            options={
                'ordering': ['name_zh'],
            },
        ),
        migrations.CreateModel(
            name='OccupationMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('old_code', models.CharField(max_length=20)),
                ('new_code', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['old_code', 'new_code'],
                'constraints': [models.UniqueConstraint(fields=('old_code', 'new_code'), name='occupation_move_once'), models.CheckConstraint(condition=models.Q(('old_code', models.F('new_code')), _negated=True), name='occupation_move_goes_somewhere')],
            },
        ),
        migrations.CreateModel(
            name='RuleValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('region', models.CharField(default='national', max_length=40)),
                ('value', models.DecimalField(decimal_places=4, max_digits=14)),
                ('unit', models.CharField(max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('document', models.CharField(max_length=200)),
                ('clause', models.CharField(blank=True, max_length=80)),
                ('confidence', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'region', 'valid_from'), name='rule_value_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='rule_value_dates')],
            },
        ),
        migrations.CreateModel(
            name='OccupationEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('edition', models.CharField(max_length=120)),
                ('year', models.PositiveSmallIntegerField(default=0, help_text='In which the edition begins.')),
                ('source', models.CharField(blank=True, max_length=300)),
                ('confidence', models.CharField(max_length=20)),
                ('occupation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='standards.occupation')),
            ],
            options={
                'ordering': ['-year', 'code'],
                'constraints': [models.UniqueConstraint(fields=('code', 'edition', 'name_zh'), name='occupation_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='OccupationName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=120)),
                ('name_key', models.CharField(max_length=120, unique=True)),
                ('state', models.CharField(choices=[('unknown', 'unknown'), ('ambiguous', 'several are meant'), ('mapped', 'mapped')], default='unknown', max_length=10)),
                ('first_seen_at', models.DateTimeField()),
                ('mapped_at', models.DateTimeField(null=True)),
                ('mapped_by', models.CharField(blank=True, max_length=60)),
                ('occupation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mapped_names', to='standards.occupation')),
            ],
            options={
                'ordering': ['-first_seen_at', 'text'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('mapped_at__isnull', False), ('occupation__isnull', False), ('state', 'mapped')), models.Q(('mapped_at__isnull', True), ('occupation__isnull', True), ('state__in', ['unknown', 'ambiguous'])), _connector='OR'), name='occupation_name_mapped_means_mapped')],
            },
        ),
    ]
