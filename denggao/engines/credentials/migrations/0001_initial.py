import denggao.foundation.vault.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(help_text='As text, upper case, without spaces.', max_length=40, unique=True)),
                ('kind', models.CharField(help_text='Which system registered it: skill_level …', max_length=20)),
                ('holder_name', models.CharField(max_length=80)),
                ('holder_name_key', models.CharField(max_length=80)),
                ('document_kind', models.CharField(max_length=20)),
                ('document_number', denggao.foundation.vault.fields.EncryptedTextField(editable=True)),
                ('document_index', models.BinaryField(max_length=16)),
                ('issued_on', models.DateField()),
                ('evaluator_text', models.CharField(blank=True, max_length=120, verbose_name='evaluation body')),
                ('issuer_text', models.CharField(blank=True, max_length=120, verbose_name='issuing body')),
                ('status', models.CharField(choices=[('valid', 'valid'), ('withdrawn', 'withdrawn')], default='valid', max_length=10)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300)),
                ('proof', models.CharField(choices=[('declared', 'declared'), ('documented', 'documented'), ('confirmed', 'confirmed')], default='declared', max_length=10)),
                ('confirmed_on', models.DateField(help_text='Day of the register query, where there was one.', null=True)),
                ('confirmed_name', models.CharField(blank=True, help_text='Register and person who asked it.', max_length=120)),
                ('source', models.CharField(blank=True, help_text='Public id of the sheet row it came from; empty for a form.', max_length=40)),
                ('registered_at', models.DateTimeField()),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='people.person')),
            ],
            options={
                'ordering': ['-issued_on', 'number'],
                'indexes': [
                    models.Index(condition=models.Q(('holder__isnull', True)), fields=['document_index'], name='credential_waiting'),
                    models.Index(fields=['-issued_on', 'number'], name='credential_by_issue'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'valid'), ('withdrawn_at__isnull', True), ('withdrawn_reason', '')), models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='credential_withdrawn_means_withdrawn'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('open', 'waiting for comparison'), ('agrees', 'agrees with the record'), ('differs', 'differs from the record')], default='open', max_length=10)),
                ('handed_in_by', models.CharField(help_text='Id of the actor; another one compares.', max_length=60)),
                ('handed_in_by_text', models.CharField(max_length=120)),
                ('handed_in_at', models.DateTimeField()),
                ('compared_by', models.CharField(blank=True, max_length=60)),
                ('compared_by_text', models.CharField(blank=True, max_length=120)),
                ('compared_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, max_length=300)),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='credentials.credential')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ['-handed_in_at'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('compared_at__isnull', True), ('compared_by', ''), ('state', 'open')), models.Q(('compared_at__isnull', False), ('state__in', ['agrees', 'differs']), models.Q(('compared_by', ''), _negated=True)), _connector='OR'), name='scan_compared_means_compared'),
                    models.CheckConstraint(condition=models.Q(('compared_by', models.F('handed_in_by')), _negated=True), name='scan_takes_two_people'),
                    models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('credential',), name='scan_open_once'),
                ],
            },
        ),
    ]
