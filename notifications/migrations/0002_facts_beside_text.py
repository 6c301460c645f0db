from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(model_name='message', old_name='kind', new_name='template'),
        migrations.AlterField(
            model_name='message',
            name='template',
            field=models.CharField(choices=[('code', 'Confirmation code'), ('booked', 'Appointment booked'), ('moved', 'Appointment moved'), ('cancelled', 'Appointment cancelled'), ('call_us', 'Please call us back'), ('as_written', 'Text as written')], max_length=20, verbose_name='what about'),
        ),
        migrations.AddField(
            model_name='message',
            name='facts',
            field=models.JSONField(default=dict, verbose_name='facts'),
        ),
        migrations.AddField(
            model_name='message',
            name='sealed',
            field=models.TextField(blank=True, verbose_name='secret facts'),
        ),
        migrations.AddField(
            model_name='message',
            name='patient',
            field=models.UUIDField(null=True, verbose_name='patient'),
        ),
        migrations.AddField(
            model_name='message',
            name='about',
            field=models.UUIDField(null=True, verbose_name='subject'),
        ),
        migrations.AddField(
            model_name='message',
            name='useful_until',
            field=models.DateTimeField(null=True, verbose_name='useful until'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('queued', 'queued'), ('sending', 'sending'), ('sent', 'sent'), ('failed', 'not delivered'), ('dropped', 'out of date, not sent')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='message',
            name='provider_id',
            field=models.CharField(blank=True, max_length=100, verbose_name='number at the provider'),
        ),
        migrations.AddField(
            model_name='message',
            name='receipt',
            field=models.CharField(blank=True, choices=[('accepted', 'accepted by the provider'), ('delivered', 'delivered to the phone'), ('undelivered', 'not delivered to the phone')], max_length=12, verbose_name='receipt'),
        ),
    ]
