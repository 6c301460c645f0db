from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0013_link_own_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='registryentry',
            name='applicant_acts_as',
            field=models.CharField(blank=True, max_length=60, verbose_name='as whom'),
        ),
        migrations.AddField(
            model_name='registryentry',
            name='applicant_name',
            field=models.CharField(blank=True, max_length=180, verbose_name='name of the applicant'),
        ),
        migrations.AddField(
            model_name='registryentry',
            name='applicant_paper',
            field=models.CharField(blank=True, choices=[('identity', 'their own passport or a document replacing it'), ('power_of_attorney', 'Power of attorney'), ('other', 'another paper')], max_length=20, verbose_name='by which paper'),
        ),
        migrations.AddConstraint(
            model_name='registryentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applicant_acts_as', ''), ('applicant_name', ''), ('applicant_paper', '')), models.Q(('applicant', 'adult_for_adult'), models.Q(('applicant_name', ''), _negated=True)), _connector='OR'), name='registry_entry_names_other_adult'),
        ),
    ]
