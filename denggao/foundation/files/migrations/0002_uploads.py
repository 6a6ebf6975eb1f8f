import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(help_text="Of the file that comes of it; one of uploads' register.", max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(blank=True, help_text='As the sender says; empty where unsaid.', max_length=64)),
                ('fingerprint', models.CharField(blank=True, max_length=120)),
                ('piece_size', models.PositiveIntegerField()),
                ('salt', models.BinaryField(help_text="Of the file's encryption.", max_length=32)),
                ('state', models.CharField(choices=[('open', 'open'), ('complete', 'complete'), ('failed', 'failed'), ('dropped', 'dropped')], default='open', max_length=10)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('begun_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='files.storedfile')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'kind'], name='upload_open_of'), models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='upload_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='upload_has_bytes'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', False), ('state', 'complete')), models.Q(models.Q(('state', 'complete'), _negated=True), ('file__isnull', True)), _connector='OR'), name='upload_complete_means_a_file'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='upload_ended_means_ended'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='upload_failed_says_why')],
            },
        ),
        migrations.CreateModel(
            name='UploadPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('stored_at', models.DateTimeField(help_text='When its bytes lay on the disk.', null=True)),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='files.upload')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('upload', 'number'), name='upload_piece_once')],
            },
        ),
    ]
