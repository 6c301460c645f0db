from django.db import models

from patients.models.patient import Patient
from patients.models.representation import Representation


class PersonSearch(models.Model):
    """One key by which the search boxes find a patient: a name from each of its words, or digits with a sign first.

    `@1990-02-01` is a birth date, `>22110001297` a phone from its end, `#123` a card number. With a `representation`
    the key is of whoever acts for the patient: a child is found by a parent's name and number. The rows are written by
    triggers of both tables (migrations 0009 and 0012), so that no writer forgets them.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(db_collation="C")
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(Patient, models.CASCADE, related_name="+", db_index=False)
    """The record that has the key: another one when it became part of the patient's."""
    representation = models.ForeignKey(
        Representation, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["key"], include=["patient", "representation"], name="person_search_key"),
            models.Index(fields=["patient"], name="person_search_patient"),
            models.Index(fields=["record"], name="person_search_record"),
        ]

    def __str__(self) -> str:
        return self.key


class NameWord(models.Model):
    """A word that stands in somebody's name, under each spelling with one letter left out.

    Two words that share a spelling are one slip of the finger apart: a letter more, less, other, or two of them
    swapped. There is a row for the whole word as well; no row is of a person.
    """

    id = models.BigAutoField(primary_key=True)
    spelling = models.TextField(db_collation="C")
    word = models.TextField(db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["spelling"], include=["word"], name="name_word_spelling")]

    def __str__(self) -> str:
        return self.word
