"""The five statements a booking cannot do without, as bare SQL: lock, appointment, slot, event, message."""

LOCK = "SELECT id FROM scheduling_slot WHERE id = %s AND appointment_id IS NULL FOR UPDATE"

APPOINTMENT = """
    INSERT INTO scheduling_appointment (
        id, patient_id, doctor_id, service_id, room_id, starts_at, ends_at, visit_kind, channel, status, price,
        overbooked, overbook_reason, cancel_reason, request_digest, link_hash, created_at, created_by,
        confirmed_by, informed_by, arrived_by, started_by, finished_by, cancelled_by)
    SELECT %(id)s, %(patient)s, slot.doctor_id, offered.service_id, shift.room_id, slot.starts_at, slot.ends_at,
        'first', 'registry', 'booked', 1000, false, '', '', '', %(id)s::text, now(), 'bench',
        '', '', '', '', '', ''
    FROM scheduling_slot slot
        JOIN scheduling_shift shift ON shift.id = slot.shift_id
        JOIN LATERAL (SELECT service_id FROM scheduling_doctor_services
            WHERE doctor_id = slot.doctor_id LIMIT 1) offered ON true
    WHERE slot.id = %(slot)s
"""
TAKE = """
    UPDATE scheduling_slot SET appointment_id = %(id)s,
        hold_token = NULL, hold_owner = '', hold_reason = '', held_until = NULL,
        held_since = NULL, hold_network = ''
    WHERE id = %(slot)s
"""
EVENT = """
    INSERT INTO scheduling_appointmentevent (
        appointment_id, at, kind, from_status, to_status, actor, actor_name, reason, details)
    VALUES (%(id)s, now(), 'booked', '', 'booked', 'bench', 'bench', '', '{}')
"""
MESSAGE = """
    INSERT INTO notifications_message (
        id, channel, template, address, facts, sealed, patient, about, dedupe_key, due_at, useful_until, state,
        attempts, sent_at, route, provider_id, receipt, last_error, created_at)
    VALUES (%(id)s, 'sms', 'booked', '+70000000000', jsonb_build_object('told', repeat('x', 150)), repeat('x', 150),
        %(patient)s, %(id)s, %(id)s::text, now(), now(), 'sent', 0, now(), '', '', '', '', now())
"""
WRITE = [APPOINTMENT, TAKE, EVENT, MESSAGE]
