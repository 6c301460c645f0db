from django.db import models


class Sweep(models.Model):
    """When a sweep last ran to its end: `/readyz` tells a stuck worker by its age (T15)."""

    name = models.CharField(max_length=60, primary_key=True)
    finished_at = models.DateTimeField()
    position = models.UUIDField(null=True)
    """Behind whom the next run goes on; empty when the last one came to the end."""

    def __str__(self) -> str:
        return f"{self.name} {self.finished_at}"
