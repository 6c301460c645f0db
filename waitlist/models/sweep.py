from django.db import models


class Sweep(models.Model):
    """The time when a sweep last ran to its end: `/readyz` recognises a stuck worker by its age (T15)."""

    name = models.CharField(max_length=60, primary_key=True)
    finished_at = models.DateTimeField()
    position = models.UUIDField(null=True)
    """The entry after which the next run continues; empty when the last one came to the end."""

    def __str__(self) -> str:
        return f"{self.name} {self.finished_at}"
