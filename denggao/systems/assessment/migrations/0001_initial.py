import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    initial = True

    dependencies = [
        ('credentials', '0001_initial'),
        ('standards', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LevelCertificate',
            fields=[
                ('credential', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='level_certificate', serialize=False, to='credentials.credential')),
                ('number_shape', models.CharField(choices=[('national', '22 characters, skill-level certificate'), ('legacy', '16 digits, vocational qualification certificate'), ('other', 'another shape')], max_length=10)),
                ('number_confirmed', models.BooleanField(help_text='Shape known and agreeing with the row, or confirmed by the office.')),
                ('occupation_text', models.CharField(max_length=120)),
                ('job_title_text', models.CharField(blank=True, max_length=120)),
                ('occupation_fixed', models.BooleanField(default=False, help_text='Set by the office for this certificate alone.')),
                ('level', models.CharField(choices=[('apprentice', '学徒工'), ('5', '五级/初级工'), ('4', '四级/中级工'), ('3', '三级/高级工'), ('2', '二级/技师'), ('1', '一级/高级技师'), ('special', '特级技师'), ('chief', '首席技师')], max_length=10)),
                ('theory_score', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('skill_score', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('employer_text', models.CharField(blank=True, max_length=120)),
                ('occupation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='level_certificates', to='standards.occupation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('theory_score__isnull', True), ('theory_score__range', (0, 100)), _connector='OR'), models.Q(('skill_score__isnull', True), ('skill_score__range', (0, 100)), _connector='OR')), name='level_certificate_scores'), models.CheckConstraint(condition=models.Q(('number_shape', 'other'), ('number_confirmed', True), _connector='OR'), name='level_certificate_known_shape_is_confirmed')],
            },
        ),
    ]
