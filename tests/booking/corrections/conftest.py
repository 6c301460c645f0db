import pytest

from tests import factories as make


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def slots(doctor):
    return make.slots_of(make.shift(doctor, days=5, slots=6))
