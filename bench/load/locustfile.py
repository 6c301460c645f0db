from locust import events
from locust.env import Environment

from bench.load.staff import DoctorAtWork, Operator, Registrar
from bench.load.visitor import Visitor
from bench.load.world import NOTES

__all__ = ["DoctorAtWork", "Operator", "Registrar", "Visitor"]


@events.test_stop.add_listener
def save(environment: Environment, **_options: object) -> None:
    NOTES.save()
