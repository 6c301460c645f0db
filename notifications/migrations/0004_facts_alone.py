from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_texts_as_written'),
    ]

    operations = [
        migrations.RemoveField(model_name='message', name='text'),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('sealed', ''), _negated=True), fields=['useful_until'], name='message_secrets'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('template__in', ['code', 'booked', 'moved', 'cancelled', 'call_us', 'as_written'])), name='message_template_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('facts__has_key', 'code'), ('template', 'code'), _negated=True), name='message_code_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('sealed', ''), ('useful_until__isnull', False), _connector='OR'), name='message_secrets_have_an_end'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='message_sent_when'),
        ),
    ]
