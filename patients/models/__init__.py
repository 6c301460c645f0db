from patients.models.consent import DataConsent
from patients.models.document import IdentityDocument
from patients.models.merge import PatientMerge
from patients.models.patient import Patient
from patients.models.person_search import NameWord, PersonSearch
from patients.models.registry_entry import RegistryEntry
from patients.models.representation import PowerOfAttorney, Representation

__all__ = [
    "DataConsent",
    "IdentityDocument",
    "NameWord",
    "Patient",
    "PatientMerge",
    "PersonSearch",
    "PowerOfAttorney",
    "RegistryEntry",
    "Representation",
]
