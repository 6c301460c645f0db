"""The columns that keys of the installation seal, and the names under which they are told (O13)."""

from collections.abc import Iterator, Mapping

from foundation.audit import sealing as audit
from foundation.audit.models import AuditKey
from foundation.database.resealing import Column, Resealed, reseal
from foundation.drafts import sealing as drafts
from foundation.drafts.models import Draft
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


def rotate() -> Iterator[tuple[str, Resealed]]:
    """Seals everything by the newest keys. Former keys can leave the settings when nothing was unread."""
    yield str(IdentityDocument._meta.verbose_name_plural), reseal(DOCUMENTS)
    yield str(Message._meta.verbose_name_plural), reseal(MESSAGES)
    yield str(Draft._meta.verbose_name_plural), reseal(DRAFTS)
    yield str(AuditKey._meta.verbose_name_plural), reseal(AUDIT)
