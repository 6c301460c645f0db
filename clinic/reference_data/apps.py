from django.contrib.admin.apps import AdminConfig


class ReferenceDataConfig(AdminConfig):
    default_site = "clinic.reference_data.site.ReferenceDataSite"
