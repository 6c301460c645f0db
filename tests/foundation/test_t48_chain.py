"""T48: whatever is changed in the audit afterwards, by whomever, is found by the chain of its seals (O09)."""

from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from foundation.accounts.actors import system
from foundation.audit import anchor, sealing, trail
from foundation.audit.models import AuditEvent, AuditKey, AuditSeal
from foundation.audit.verifying import verify

MANY = 100_000
INSERT = """
    INSERT INTO audit_auditevent (actor, actor_name, action, patient, object_ref, details, ip)
    SELECT 'staff:' || n %% 9, 'Зимина Вера Николаевна', 'patient.shown', gen_random_uuid(), 'office:patient',
        jsonb_build_object('n', n), '10.0.0.1'
    FROM generate_series(1, %s) n
"""


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def past_the_triggers(sql, *values):
    """Does what the owner of the database can."""
    run("SET LOCAL session_replication_role = replica")
    run(sql, *values)
    run("SET LOCAL session_replication_role = origin")


@pytest.fixture
def ids(db):
    """Returns the ids of 2,500 sealed rows, which are three seals."""
    run(INSERT, 2500)
    sealing.seal_waiting()
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def faults():
    return verify().faults


def test_nothing_changed(ids):
    verdict = verify()
    assert (verdict.faults, verdict.rows, verdict.unsealed, verdict.newest.number) == ([], 2500, 0, 3)


@pytest.mark.django_db
def test_one_flipped_byte_in_many_rows_is_found():
    run(INSERT, MANY)
    sealing.seal_waiting()
    verdict = verify()
    assert (verdict.faults, verdict.rows) == ([], MANY)
    flipped = AuditEvent.objects.order_by("id")[MANY // 2].pk
    past_the_triggers("UPDATE audit_auditevent SET actor_name = 'Зимика Вера Николаевна' WHERE id = %s", flipped)
    assert faults() == [f"Строки изменены или вставлены: {flipped}."]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor = 'staff:77'",
        "action = 'patient.printed'",
        "patient = NULL",
        "object_ref = ''",
        "details = '{\"n\": 0}'",
        "ip = '10.0.0.2'",
    ],
)
def test_each_column_is_under_the_seal(ids, change):
    past_the_triggers(f"UPDATE audit_auditevent SET {change} WHERE id = %s", ids[1200])
    assert faults() == [f"Строки изменены или вставлены: {ids[1200]}."]


def test_a_row_that_was_removed_is_found(ids):
    past_the_triggers("DELETE FROM audit_auditevent WHERE id = %s", ids[1500])
    seal = AuditSeal.objects.get(number=2)
    assert faults() == [f"Исчезло строк: 1, из тех, что закрыла печать 2 {seal.at:%Y-%m-%d %H:%M:%S} UTC."]


def test_a_row_that_was_put_in_is_found(ids):
    """It takes the number of a row that was never written: whoever may only add can do this too."""
    run(
        "INSERT INTO audit_auditevent (id, actor, actor_name, action, object_ref, details, ip) VALUES "
        "(0, 'staff:1', '', 'patient.shown', '', '{}', '')"
    )
    assert faults() == ["Строки изменены или вставлены: 0."]


def test_rows_that_changed_places_are_found(ids):
    first, second = ids[10], ids[11]
    for before, after in ((first, -5), (second, first), (-5, second)):
        past_the_triggers("UPDATE audit_auditevent SET id = %s WHERE id = %s", after, before)
    assert faults() == [f"Строки изменены или вставлены: {first}, {second}."]


@pytest.mark.parametrize("change", ["through = through - 1", "at = now()", "marks = ''", "hash = repeat('0', 64)"])
def test_a_seal_that_was_changed_is_found(ids, change):
    past_the_triggers(f"UPDATE audit_auditseal SET {change} WHERE id = 2")
    assert faults()[0] == "Печать 2 изменена. Начиная с неё, ничего доказать нельзя."


def test_a_seal_that_was_removed_is_found(ids):
    past_the_triggers("DELETE FROM audit_auditseal WHERE id = 2")
    assert faults() == ["Печати 2 нет. После неё ничего доказать нельзя."]


def cut_the_end():
    past_the_triggers("DELETE FROM audit_auditevent WHERE id > (SELECT through FROM audit_auditseal WHERE id = 2)")
    past_the_triggers("DELETE FROM audit_auditseal WHERE id = 3")


CUT = "Конец отрезан или сделан заново: печати 3, которую записали вне базы, в ней нет."


def test_an_end_that_was_cut_off_is_found_by_the_file(settings, tmp_path, db):
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")
    run(INSERT, 2500)
    newest = sealing.seal_waiting()
    assert (tmp_path / "anchor").read_text() == f"3 {newest.hash}\n"
    cut_the_end()
    run(INSERT, 500)
    sealing.seal_waiting()
    assert faults() == [CUT], "a new end does not hide that the old one was cut off"


@pytest.fixture
def file(settings, tmp_path, db):
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")
    return tmp_path / "anchor"


@pytest.mark.parametrize("text", ["", "3 1f3a", "three", "3 \N{SNOWMAN}"])
def test_a_file_that_is_not_whole_is_a_fault_and_sealing_goes_on(file, caplog, text):
    file.write_text(text, encoding="utf-8")
    run(INSERT, 10)
    assert sealing.seal_waiting().number == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert file.read_text(encoding="utf-8") == text, "it is evidence"
    assert faults() == [
        f"{file} не читается или повреждён: по нему нельзя понять, не отрезан ли конец. Сверьтесь с печатью, "
        "записанной в другом месте (--noted), и удалите файл: следующая печать запишет его заново."
    ]
    file.unlink()
    run(INSERT, 10)
    newest = sealing.seal_waiting()
    assert (file.read_text(), faults()) == (f"2 {newest.hash}\n", [])


def test_a_folder_that_takes_no_file_does_not_stop_sealing(settings, tmp_path, db, caplog):
    settings.AUDIT_ANCHOR = str(tmp_path / "away" / "anchor")
    run(INSERT, 10)
    assert sealing.seal_waiting().number == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_the_file_never_goes_back(file, ids):
    newest = AuditSeal.objects.get(number=3)
    anchor.move(newest)
    anchor.move(AuditSeal.objects.get(number=2))
    assert file.read_text() == f"3 {newest.hash}\n"


def test_an_end_that_was_cut_off_is_found_by_what_was_noted(ids):
    noted = str(AuditSeal.objects.get(number=3))
    call_command("verify_audit", noted=[noted], stdout=StringIO())
    cut_the_end()
    with pytest.raises(CommandError, match=CUT):
        call_command("verify_audit", noted=[noted])


def test_without_a_note_a_cut_end_is_not_seen(ids):
    """The negative control of the two above."""
    cut_the_end()
    assert faults() == []


def test_a_key_that_was_replaced_proves_nothing(ids):
    other = sealing.encrypt(sealing._new_key(), context=sealing.place(1))
    AuditKey.objects.update(sealed=other)
    assert faults() == ["Печать 1 изменена. Начиная с неё, ничего доказать нельзя."]


def test_the_command_seals_what_waits_and_says_what_to_note(db):
    trail.record(by=system("test"), action="demo.built")
    output = StringIO()
    call_command("verify_audit", stdout=output)
    assert output.getvalue() == (
        f"Ничего не менялось. Сверено строк: 1; ещё без печати: 0.\n"
        f"Последняя печать, выпишите её в другое место: {AuditSeal.objects.get()}\n"
    )


def elsewhere(step):
    """Runs a step on a connection of its own and returns what it gave."""
    given = []

    def run_and_close():
        given.append(step())
        connection.close()

    thread = Thread(target=run_and_close)
    thread.start()
    thread.join()
    return given[0]


@pytest.mark.django_db(transaction=True)
def test_no_row_is_sealed_while_one_with_a_smaller_id_may_come(monkeypatch):
    monkeypatch.setattr(sealing, "PAUSE", 0)
    with transaction.atomic():
        trail.record(by=system("earlier"), action="demo.built")
        elsewhere(lambda: trail.record(by=system("later"), action="demo.built"))
        assert elsewhere(sealing.seal_waiting) is None
    assert sealing.seal_waiting().number == 1
    assert (verify().rows, verify().faults) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_sealed_at_once_the_late_row_would_look_put_in(monkeypatch):
    """The negative control: this is what waiting is for."""
    monkeypatch.setattr(sealing.seals, "writers", set)
    with transaction.atomic():
        trail.record(by=system("earlier"), action="demo.built")
        elsewhere(lambda: trail.record(by=system("later"), action="demo.built"))
        assert elsewhere(sealing.seal_waiting).number == 1
    earlier = AuditEvent.objects.get(actor="system:earlier").pk
    assert verify().faults == [f"Строки изменены или вставлены: {earlier}."]
