import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        ('standards', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('short_name_zh', models.CharField(blank=True, max_length=60)),
                ('short_name_en', models.CharField(blank=True, max_length=80)),
                ('region_zh', models.CharField(blank=True, max_length=60)),
                ('region_en', models.CharField(blank=True, max_length=80)),
                ('first_year', models.PositiveSmallIntegerField()),
                ('last_year', models.PositiveSmallIntegerField()),
                ('facts', models.JSONField(default=list, help_text='What else the plan says: [{code, zh, en, items: [{zh, en}]}].')),
                ('source_hash', models.CharField(help_text='SHA-256 of the plan file it was loaded from.', max_length=64)),
                ('is_demo', models.BooleanField(default=False)),
                ('loaded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-first_year', 'code'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('last_year__gte', models.F('first_year'))), name='plan_years'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('code', models.SlugField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('short_name_zh', models.CharField(max_length=40)),
                ('short_name_en', models.CharField(max_length=60)),
                ('unit', models.CharField(choices=[('person', 'person'), ('body', 'body')], max_length=6)),
                ('target', models.PositiveIntegerField()),
                ('counting_rule', models.CharField(blank=True, help_text='Name of a registered rule; empty while no system counts it.', max_length=60)),
                ('parameters', models.JSONField(default=dict)),
                ('facts', models.JSONField(default=list, help_text="As the plan's facts.")),
                ('lowest_proof', models.CharField(choices=[('declared', 'declared'), ('documented', 'documented'), ('confirmed', 'confirmed')], default='declared', max_length=10)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='plans.plan')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [
                    models.UniqueConstraint(fields=('plan', 'code'), name='goal_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PlanIndustry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('industry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='standards.industry')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='plans.plan')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [
                    models.UniqueConstraint(fields=('plan', 'industry'), name='plan_industry_once'),
                ],
            },
        ),
        migrations.AddField(
            model_name='plan',
            name='industries',
            field=models.ManyToManyField(related_name='plans', through='plans.PlanIndustry', to='standards.industry'),
        ),
        migrations.CreateModel(
            name='GoalTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('target', models.PositiveIntegerField()),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='yearly_targets', to='plans.goal')),
            ],
            options={
                'ordering': ['year'],
                'constraints': [models.UniqueConstraint(fields=('goal', 'year'), name='goal_target_once')],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('from_on', models.DateField(null=True)),
                ('to_on', models.DateField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='organisations.organisation')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='plans.plan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'organisation'), name='participation_once'), models.CheckConstraint(condition=models.Q(('from_on__isnull', True), ('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='participation_dates')],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('guide', 'guidance'), ('host', 'host'), ('co_host', 'co-host'), ('lead', 'lead'), ('undertake', 'undertaking'), ('implement', 'implementation'), ('partner', 'partner'), ('accredit', 'joint accreditation'), ('cooperate', 'cooperation')], max_length=30)),
                ('class_zh', models.CharField(blank=True, help_text='A class of bodies, such as 新片区重点企业.', max_length=80)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('goal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='plans.goal')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organisations.organisation')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='plans.plan')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('organisation__isnull', False), models.Q(('class_zh', ''), _negated=True), _connector='XOR'), name='part_is_a_body_or_a_class')],
            },
        ),
    ]
