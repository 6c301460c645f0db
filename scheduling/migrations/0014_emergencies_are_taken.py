import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
        ('patients', '0005_unread_index'),
        ('scheduling', '0013_absences_are_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('opened', 'opened'), ('pressed_again', 'the button was pressed again'), ('taken', 'taken'), ('described', 'described'), ('linked', "joined with a patient's record"), ('unlinked', "parted from the patient's record"), ('mistaken', 'opened by mistake'), ('closed', 'closed'), ('reopened', 'opened again')], max_length=20, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.CharField(max_length=80)),
                ('actor_name', models.CharField(max_length=200, verbose_name='who')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'event of an emergency',
                'verbose_name_plural': 'events of emergencies',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='emergencycase',
            name='mistake',
            field=models.CharField(blank=True, max_length=200, verbose_name='why it was opened by mistake'),
        ),
        migrations.AddField(
            model_name='emergencycase',
            name='patient',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to='patients.patient', verbose_name='patient'),
        ),
        migrations.AddField(
            model_name='emergencycase',
            name='taken_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='taken at'),
        ),
        migrations.AddField(
            model_name='emergencycase',
            name='taken_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='emergencycase',
            name='taken_by_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='taken by'),
        ),
        migrations.AddIndex(
            model_name='emergencycase',
            index=models.Index(condition=models.Q(('closed_at', None), ('taken_at', None)), fields=['opened_at'], name='emergency_untaken'),
        ),
        migrations.AddConstraint(
            model_name='emergencycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_at', None), ('taken_by', '')), models.Q(('taken_at__isnull', False), models.Q(('taken_by', ''), _negated=True)), _connector='OR'), name='emergency_taken_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='emergencycase',
            constraint=models.CheckConstraint(condition=models.Q(('mistake', ''), ('closed_at__isnull', False), _connector='OR'), name='emergency_mistake_is_closed'),
        ),
        migrations.AddField(
            model_name='emergencyevent',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='scheduling.emergencycase', verbose_name='emergency'),
        ),
        migrations.AddConstraint(
            model_name='emergencyevent',
            constraint=models.CheckConstraint(condition=models.Q(('actor', ''), _negated=True), name='emergency_event_by_someone'),
        ),
        append_only("scheduling_emergencyevent"),
    ]
