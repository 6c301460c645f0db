from django.db import migrations

from foundation.text.folding import fold
from foundation.text.names import full_name


def fold_names(apps, schema_editor):
    doctors = apps.get_model("scheduling", "Doctor").objects
    for doctor in doctors.order_by("pk"):
        name = fold(full_name(doctor.last_name, doctor.first_name, doctor.patronymic))
        doctors.filter(pk=doctor.pk).update(search_name=name)


class Migration(migrations.Migration):
    """Doctors who are there already get their place in the order."""

    dependencies = [("scheduling", "0019_doctors_in_order")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
