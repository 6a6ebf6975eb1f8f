import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('standards', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TeachingStandard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=160)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(max_length=60, unique=True)),
                ('level', models.CharField(choices=[('apprentice', '学徒工'), ('5', '五级/初级工'), ('4', '四级/中级工'), ('3', '三级/高级工'), ('2', '二级/技师'), ('1', '一级/高级技师'), ('special', '特级技师'), ('chief', '首席技师')], max_length=10)),
                ('document', models.CharField(blank=True, help_text='The document it comes from, with its number.', max_length=200)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('confidence', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], default='C', max_length=1)),
                ('occupation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teaching_standards', to='standards.occupation')),
            ],
            options={
                'ordering': ['occupation__code', '-level', 'code'],
            },
        ),
        migrations.CreateModel(
            name='StandardVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_force', 'in force'), ('retired', 'retired')], default='draft', max_length=10)),
                ('from_on', models.DateField(blank=True, help_text='From when it is taught by.', null=True)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('made_at', models.DateTimeField()),
                ('put_in_force_at', models.DateTimeField(blank=True, null=True)),
                ('put_in_force_by', models.CharField(blank=True, max_length=60)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='standards.teachingstandard')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('standard', 'number'), name='standard_version_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('standard',), name='standard_one_draft'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('standard',), name='standard_one_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('from_on__isnull', True), ('put_in_force_at__isnull', True), ('retired_at__isnull', True), ('state', 'draft')), models.Q(('from_on__isnull', False), ('put_in_force_at__isnull', False), ('retired_at__isnull', True), ('state', 'in_force')), models.Q(('from_on__isnull', False), ('put_in_force_at__isnull', False), ('retired_at__isnull', False), ('state', 'retired')), _connector='OR'), name='standard_version_state_has_its_times')],
            },
        ),
        migrations.CreateModel(
            name='StandardItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('knowledge', 'knowledge'), ('skill', 'skill'), ('safety', 'safety'), ('conduct', 'conduct')], max_length=10)),
                ('text_zh', models.CharField(max_length=400)),
                ('text_en', models.CharField(blank=True, max_length=600)),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                ('weight', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('position', models.PositiveIntegerField()),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='standards.standarditem')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='standards.standardversion')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='standard_item_once'), models.CheckConstraint(condition=models.Q(('hours__isnull', True), ('hours__gte', 0), _connector='OR'), name='standard_item_hours'), models.CheckConstraint(condition=models.Q(('weight__isnull', True), models.Q(('weight__gte', 0), ('weight__lte', 100)), _connector='OR'), name='standard_item_weight')],
            },
        ),
    ]
