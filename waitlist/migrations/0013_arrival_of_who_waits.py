from django.db import migrations, models

import foundation.database.clock


class Migration(migrations.Migration):
    """An entry knows the moment of its first wish: of the first request that was turned into it, else its own."""

    dependencies = [
        ('patients', '0018_new_words_by_the_index'),
        ('scheduling', '0026_reminders'),
        ('waitlist', '0012_request_reminders'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='waitlistentry',
            options={'ordering': ['priority', 'arrived_at'], 'verbose_name': 'waitlist entry', 'verbose_name_plural': 'waitlist entries'},
        ),
        migrations.RemoveIndex(
            model_name='waitlistentry',
            name='waitlist_entry_to_match',
        ),
        migrations.RemoveIndex(
            model_name='waitlistentry',
            name='waitlist_entry_open',
        ),
        migrations.RemoveIndex(
            model_name='waitlistentry',
            name='waitlist_entry_any_doctor',
        ),
        migrations.AddField(
            model_name='waitlistentry',
            name='arrived_at',
            field=models.DateTimeField(null=True, verbose_name='first wished at'),
        ),
        migrations.RunSQL(
            """
            UPDATE waitlist_waitlistentry entry SET arrived_at = LEAST(entry.created_at, (
                SELECT min(request.created_at) FROM waitlist_waitlistrequest request WHERE request.entry_id = entry.id
            ))
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='waitlistentry',
            name='arrived_at',
            field=models.DateTimeField(default=foundation.database.clock.now, verbose_name='first wished at'),
        ),
        migrations.AlterField(
            model_name='waitlistentry',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='entered at'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['specialty', 'priority', 'arrived_at'], name='waitlist_entry_to_match'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(condition=models.Q(('doctor_ids', []), ('state', 'waiting')), fields=['specialty', 'time_from', 'time_until', 'priority', 'arrived_at'], include=('date_from', 'notice_minutes', 'birth_date', 'weekday_bits', 'patient', 'id', 'date_until', 'service', 'not_before'), name='waitlist_entry_any_doctor'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'offered', 'unreachable'))), fields=['priority', 'arrived_at'], name='waitlist_entry_open'),
        ),
    ]
