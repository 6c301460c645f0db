"""Keys are changed while people book: nothing becomes unreadable, and afterwards the old ones can go (O13, T116)."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet

from foundation import encryption
from foundation.accounts.actors import system
from foundation.accounts.choices import Role
from foundation.accounts.second_factor import SecondFactorAdapter
from foundation.audit import sealing, trail
from foundation.audit.models import AuditEvent
from foundation.audit.verifying import verify
from foundation.database import clock
from foundation.drafts import sealing as drafts
from foundation.drafts.attempts import Kept
from foundation.drafts.models import Draft
from notifications.actions import phone_codes
from notifications.models import Message
from notifications.sealing import unseal
from patients.models import IdentityDocument
from patients.queries import families
from scheduling.queries.find_people import find
from tests import factories as make
from tests.messages import code_of
from tests.turned_keys import turn

pytestmark = pytest.mark.django_db
PASSPORT, SECRET = "4015 123456", "JBSWY3DPEHPK3PXP"


@pytest.fixture
def use(settings):
    """`use("k2", "k1")`: the keys of all kinds, the newest first."""
    yield partial(turn, settings)
    encryption._ring.cache_clear()


@pytest.fixture
def kept(use):
    """Returns what was kept under the first keys: a document, a message with a secret and a draft."""
    use("k1")
    document = make.document(PASSPORT)
    phone_codes.send(phone="+79215550101", asked_by="visitor")
    draft = Draft(owner="staff:1", until=clock.now() + timedelta(days=1))
    form = Kept(path="/office/", sent={"note": ["звонить вечером"]}, refusal=None, unsent=False)
    draft.sealed = drafts.seal(form, draft=draft.pk, owner=draft.owner)
    draft.save()
    TOTP.activate(head := make.user(Role.HEAD), SECRET)
    RecoveryCodes.activate(head)
    return document, Message.objects.get(), draft


def read(document, message, draft):
    """Returns what is read of each, by the keys in the settings."""
    message, draft = Message.objects.get(pk=message.pk), Draft.objects.get(pk=draft.pk)
    number = IdentityDocument.objects.get(pk=document.pk).number
    note = drafts.unseal(draft.sealed, draft=draft.pk, owner=draft.owner).sent["note"]
    of_app, on_paper = Authenticator.objects.get(type="totp"), Authenticator.objects.get(type="recovery_codes")
    second_step = SecondFactorAdapter().decrypt(of_app.data["secret"]), len(on_paper.wrap().generate_codes())
    return number, len(unseal(message.sealed, message=message.pk)["code"]), note, second_step


def names_of_keys():
    columns = [IdentityDocument.objects.values_list("number"), Message.objects.values_list("sealed")]
    sealed = [text for rows in [*columns, Draft.objects.values_list("sealed")] for (text,) in rows]
    sealed += [row.data.get("secret") or row.data["seed"] for row in Authenticator.objects.all()]
    return {text.partition(":")[0] for text in sealed}


def test_after_the_rotation_the_old_keys_can_go(kept, use):
    right = read(*kept)
    use("k2", "k1")
    assert (read(*kept), names_of_keys()) == (right, {"k1"})
    call_command("rotate_keys")
    assert names_of_keys() == {"k2"}
    use("k2")
    assert read(*kept) == right
    assert [found.patient for found in find(PASSPORT).people] == [kept[0].patient]


def test_control_without_the_rotation_they_cannot(kept, use):
    use("k2")
    with pytest.raises(encryption.CiphertextDamaged):
        read(*kept)
    assert find(PASSPORT).people == []


def test_meanwhile_a_number_is_found_by_either_key(kept, use):
    use("k2", "k1")
    newer = make.document("4015 654321")
    assert [found.patient for found in find(PASSPORT).people] == [kept[0].patient]
    assert [found.patient for found in find("4015 654321").people] == [newer.patient]


def test_meanwhile_one_passport_is_still_of_one_person(kept, use):
    owner = kept[0].patient
    use("k2", "k1")
    called = {name: getattr(owner, name) for name in ("last_name", "first_name", "patronymic")}
    acting = make.parent_of(make.patient(), phone="", **called)
    make.document(PASSPORT, representation=acting)
    assert families.own_records([acting]) == {acting.pk: [owner]}


def test_a_code_that_was_sent_before_is_good_after_it(use):
    use("k1")
    phone_codes.send(phone="+79215550101", asked_by="visitor")
    code = code_of("+79215550101")
    use("k2", "k1")
    phone_codes.check(phone="+79215550101", code=code, asked_by="visitor")


def test_a_second_rotation_writes_nothing(kept, use, capsys):
    use("k2", "k1")
    call_command("rotate_keys")
    first = capsys.readouterr().out.splitlines()
    call_command("rotate_keys")
    second = capsys.readouterr().out.splitlines()
    assert [line[-1] for line in first[:4]] == ["1", "1", "1", "2"]
    assert [line[-1] for line in second[:4]] == ["0", "0", "0", "0"]
    assert AuditEvent.objects.filter(action="keys.rotated").count() == len([*first[:-1], *second[:-1]])


def test_what_somebody_writes_meanwhile_stays(kept, use, monkeypatch):
    """The number is typed anew between the reading and the writing: the rotation does not bring back the one before."""
    use("k2", "k1")
    document = kept[0]

    def typed_meanwhile(rows, *batch):
        found = list(QuerySet.__iter__(rows))
        if found and isinstance(found[0], IdentityDocument):
            again = IdentityDocument.objects.get(pk=document.pk)
            again.number = "4015 777777"
            again.save()
        return iter(found)

    monkeypatch.setattr(QuerySet, "iterator", typed_meanwhile)
    call_command("rotate_keys")
    assert IdentityDocument.objects.get(pk=document.pk).number == "4015 777777"


def test_a_text_whose_key_is_gone_is_told_and_left(kept, use):
    use("k2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument")
        before = cursor.fetchall()
    with pytest.raises(CommandError, match="5"):
        call_command("rotate_keys")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM patients_identitydocument")
        assert cursor.fetchall() == before


def test_seals_of_the_audit_hold_without_the_former_key(use):
    use("k1")
    trail.record(by=system("test"), action="demo.built")
    sealing.seal_waiting()
    use("k2", "k1")
    call_command("rotate_keys")
    use("k2")
    sealing.seal_waiting()
    verdict = verify()
    assert (verdict.faults, verdict.newest.number) == ([], 2)
