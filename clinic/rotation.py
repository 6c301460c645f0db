"""The columns that keys of the installation seal, and the names under which they are told (O13)."""

from collections.abc import Iterator, Mapping

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts.second_factor import PLACE
from foundation.audit import sealing as audit
from foundation.audit.models import AuditKey
from foundation.database.resealing import BATCH, Column, Resealed, reseal
from foundation.drafts import sealing as drafts
from foundation.drafts.models import Draft
from foundation.encryption import CiphertextDamaged, decrypt, encrypt, is_of_newest_key
from notifications import sealing as messages
from notifications.models import Message
from patients.fields import EncryptedCharField, Sealed, blind_index
from patients.models import IdentityDocument


def _document_place(row: IdentityDocument) -> str:
    field = IdentityDocument._meta.get_field("number")
    assert isinstance(field, EncryptedCharField)
    return field.place(row)


def _index_of(number: str) -> Mapping[str, object]:
    return {"number_index": blind_index(number)}


DOCUMENTS = Column(IdentityDocument, "number", _document_place, _index_of, Sealed)
MESSAGES = Column(Message, "sealed", lambda row: messages.place(row.pk))
DRAFTS = Column(Draft, "sealed", lambda row: drafts.place(row.pk, row.owner))
AUDIT = Column(AuditKey, "sealed", lambda row: audit.place(row.pk))


def _reseal_second_factors() -> Resealed:
    """Seals the secrets of the second steps of sign-ins, which stand inside a column of JSON."""
    anew = unread = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True).iterator(BATCH):
        try:
            anew += _reseal_second_factor(pk)
        except CiphertextDamaged:
            unread += 1
    return Resealed(anew, unread)


@transaction.atomic
def _reseal_second_factor(pk: int) -> int:
    """Seals one secret; its row is locked, since whoever uses a code on paper writes back the secret they have read."""
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    name = "secret" if "secret" in row.data else "seed"
    text = decrypt(row.data[name], context=PLACE)
    if is_of_newest_key(row.data[name]):
        return 0
    row.data[name] = encrypt(text, context=PLACE)
    row.save(update_fields=["data"])
    return 1


def rotate() -> Iterator[tuple[str, Resealed]]:
    """Seals everything by the newest keys. Former keys can leave the settings when nothing was unread."""
    yield str(IdentityDocument._meta.verbose_name_plural), reseal(DOCUMENTS)
    yield str(Message._meta.verbose_name_plural), reseal(MESSAGES)
    yield str(Draft._meta.verbose_name_plural), reseal(DRAFTS)
    yield str(_("second steps of sign-ins")), _reseal_second_factors()
    yield str(AuditKey._meta.verbose_name_plural), reseal(AUDIT)
