from foundation.accounts.choices import Role
from tests import factories as make
from tests.totp import app_shows


def test_the_account(as_role):
    stranger = as_role()
    stranger.to("account_login").send("account_login", login="nobody", password="wrong", status=200)
    person = as_role(Role.REGISTRAR)
    person.to("account_change_password").send("account_change_password", status=200)
    person.send("account_change_password", oldpassword="wrong", password1="1", password2="2", status=200)
    person.to("account_reauthenticate").send("account_reauthenticate", status=200)
    person.send("account_reauthenticate", password="wrong", status=200)
    person.to("account_logout")


def test_the_second_step_of_the_sign_in(as_role):
    who = make.user(Role.REGISTRAR)
    person = as_role(Role.REGISTRAR, who)
    person.to("usersessions_list").to("mfa_index")
    person.to("mfa_activate_totp").page.locator("[name=password]").fill("parol-12345")
    person.press("main button[type=submit]").send("mfa_activate_totp", code="1", status=200)
    person.page.locator("[name=code]").fill(app_shows(person.page.locator("main code").inner_text()))
    person.press("main button[type=submit]").to("mfa_index").to("mfa_view_recovery_codes")
    person.to("mfa_generate_recovery_codes").to("mfa_deactivate_totp").to("mfa_reauthenticate")
    again = as_role().to("account_login")
    again.page.locator("[name=login]").fill(who.username)
    again.page.locator("[name=password]").fill("parol-12345")
    again.press("main button[type=submit]").to("mfa_authenticate").send("mfa_authenticate", code="1", status=200)
    person.to("usersessions_list")
