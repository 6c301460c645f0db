from django.db import migrations

TASKS = """
    INSERT INTO worklist_task (
        id, kind, subject, patient_id, phone, priority, waiting_since, due_at, not_before, expires_at,
        attempts, state, outcome, created_at, closed_at, closed_by
    )
    SELECT offer.id, 'freed_time', offer.entry_id, offer.patient_id,
        COALESCE(NULLIF(representation.phone, ''), patient.phone),
        entry.priority, entry.created_at, offer.starts_at, offer.not_before, offer.expires_at, offer.attempts,
        CASE WHEN offer.ended_at IS NULL THEN 'open' WHEN last.outcome IS NULL THEN 'dropped' ELSE 'done' END,
        COALESCE(last.outcome, ''), offer.created_at, offer.ended_at,
        CASE WHEN offer.ended_at IS NULL THEN ''
            ELSE COALESCE(NULLIF(offer.claimed_by, ''), last.by, 'system:matching') END
    FROM waitlist_slotoffer offer
    JOIN waitlist_waitlistentry entry ON entry.id = offer.entry_id
    JOIN patients_patient patient ON patient.id = offer.patient_id
    LEFT JOIN patients_representation representation ON representation.id = entry.representation_id
    LEFT JOIN LATERAL (
        SELECT call.outcome, call.by FROM waitlist_callattempt call
        WHERE call.offer_id = offer.id ORDER BY call.id DESC LIMIT 1
    ) last ON true
"""
# Where two operators had a family on one number, or one had two calls, the one begun last goes on.
CLAIMS = """
    INSERT INTO worklist_claim (id, key, by, by_name, until, created_at)
    SELECT gen_random_uuid(), task.claim_key, offer.claimed_by, offer.claimed_by_name, offer.claim_until, now()
    FROM waitlist_slotoffer offer JOIN worklist_task task ON task.id = offer.id
    WHERE offer.state = 'calling'
    ORDER BY offer.claim_until DESC
    ON CONFLICT DO NOTHING
"""
OFFERS = """
    UPDATE waitlist_slotoffer SET task_id = id,
        state = CASE WHEN state IN ('proposed', 'calling') THEN 'open' ELSE state END
"""
OFFERS_AS_BEFORE = """
    WITH calling AS (
        SELECT DISTINCT ON (claim.key) task.id, claim.by, claim.by_name, claim.until
        FROM worklist_claim claim
        JOIN worklist_task task ON task.claim_key = claim.key AND task.kind = 'freed_time' AND task.state = 'open'
        ORDER BY claim.key, task.waiting_since, task.due_at
    )
    UPDATE waitlist_slotoffer offer SET
        state = CASE WHEN offer.state <> 'open' THEN offer.state WHEN calling.id IS NULL THEN 'proposed' ELSE 'calling' END,
        not_before = task.not_before, attempts = task.attempts,
        claimed_by = COALESCE(calling.by, NULLIF(task.closed_by, 'system:matching'), ''), claimed_by_name = COALESCE(calling.by_name, ''),
        claim_until = calling.until
    FROM worklist_task task LEFT JOIN calling ON calling.id = task.id
    WHERE task.id = offer.task_id
"""
NO_CLAIMS = """
    DELETE FROM worklist_claim WHERE key IN (SELECT claim_key FROM worklist_task WHERE kind = 'freed_time')
"""
NO_TASKS = """
    UPDATE waitlist_slotoffer SET task_id = NULL;
    DELETE FROM worklist_task WHERE kind = 'freed_time'
"""


class Migration(migrations.Migration):
    """Every offer gets a task with what it knew of its calls; an operator on the phone gets a claim of the number."""

    dependencies = [("waitlist", "0007_offers_have_tasks"), ("patients", "0005_unread_index")]

    operations = [
        migrations.RunSQL(TASKS, NO_TASKS),
        migrations.RunSQL(CLAIMS, NO_CLAIMS),
        migrations.RunSQL(OFFERS, OFFERS_AS_BEFORE),
    ]
