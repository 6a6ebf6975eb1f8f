import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0002_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('video', 'video'), ('audio', 'audio'), ('pdf', 'PDF'), ('office', 'Office file'), ('subtitle', 'subtitles')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('skipped', 'shown as it is')], default='waiting', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0, help_text='Percent.')),
                ('message', models.CharField(blank=True, help_text='What whoever handed it in is to know.', max_length=300)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('asked_by', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversions', to='files.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'kind'), name='conversion_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(('ended_at__isnull', False), ('state__in', ['done', 'failed', 'skipped'])), _connector='OR'), name='conversion_ended_means_ended'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'skipped']), _negated=True), models.Q(('message', ''), _negated=True), _connector='OR'), name='conversion_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Output',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('rendition', 'a smaller version of it'), ('poster', 'still picture'), ('page', 'picture of a page'), ('document', 'the paper as PDF'), ('subtitle', 'subtitles')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('conversion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outputs', to='media.conversion')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='output_of', to='files.storedfile')),
            ],
            options={
                'ordering': ['role', 'position'],
                'constraints': [models.UniqueConstraint(fields=('conversion', 'role', 'position'), name='media_output_once')],
            },
        ),
    ]
