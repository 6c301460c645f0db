import pytest

import booking
from foundation.accounts.actors import staff
from tests import factories as make
from tests.back_office.rebooking.stranded import strand


@pytest.fixture
def desk(sign_in, registrar):
    return sign_in(registrar)


@pytest.fixture
def by(desk):
    return staff(desk.user)


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def doctor(service):
    return make.doctor(service)


@pytest.fixture
def task(doctor):
    """A stranded visit whose doctor works again two days later."""
    make.shift(doctor, days=4)
    return strand(doctor)[0]


@pytest.fixture
def claimed(task, by):
    booking.claim_task(task=task.pk, by=by)
    return task
