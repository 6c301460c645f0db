"""O01: whoever opens a clinic hears at once whether messages can leave."""

import pytest
from django.core.checks import run_checks


def found():
    return [problem.id for problem in run_checks() if problem.id.startswith("notifications.")]


@pytest.mark.parametrize(
    ("routes", "options", "problems"),
    [
        ([], {}, ["notifications.W001"]),
        (["console"], {"DEMO": False}, ["notifications.W002"]),
        (["console"], {"DEMO": True}, []),
        (["smsru"], {"SMSRU_API_ID": ""}, ["notifications.E001"]),
        (["smsru"], {"SMSRU_API_ID": "key"}, []),
        (["http"], {"SMS_HTTP_URL": ""}, ["notifications.E001"]),
        (["smsru", "pigeon.Pigeon"], {"SMSRU_API_ID": "key"}, ["notifications.E002"]),
        (["tests.phone.Phone"], {}, []),
    ],
)
def test_the_routes_are_checked(settings, routes, options, problems):
    settings.MESSAGE_ROUTES = {"sms": routes}
    for name, value in options.items():
        setattr(settings, name, value)
    assert found() == problems


def test_letters_need_a_server(settings):
    settings.MESSAGE_ROUTES = {"sms": ["tests.phone.Phone"], "email": ["smtp"]}
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert found() == ["notifications.E001"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert found() == []
