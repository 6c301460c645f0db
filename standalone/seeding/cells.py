"""Cells are the half hours of a shift, and who comes in them: named parts of one SQL statement.

Every half hour of a shift is a cell with a number of its own; all that happens in it is drawn from that number. So
nothing has to be looked up: a slot, the appointment in it and the visit it follows find each other by arithmetic.
"""

from patients.choices import Channel
from scheduling.choices import AppointmentStatus as Status
from standalone.seeding.people import ADULTS, CHILD
from standalone.seeding.sizes import SLOTS_A_DAY
from standalone.seeding.sql import chance, draw, milliseconds, pick, uuid7
from standalone.seeding.worksheet import AFTERNOON_CELL, CELLS_A_DAY, FOLLOW_UP_DAYS

LONG, SINGLE, BLOCKED, CANCELLED, CAME, EXAMINED, LEAD, CHANNEL, TOLD, WHO = range(200, 210)
SHIFT_ID, VISIT_ID = range(220, 222)
LONG_SHARE, SINGLE_SHARE, BLOCKED_SHARE, CANCELLED_SHARE, CAME_SHARE, EXAMINED_SHARE, TOLD_SHARE = (
    *(100, 444, 12, 40, 930),
    *(300, 850),
)
"""Thousandths. A tenth of the pairs of cells is a long visit; with the single ones half of all cells is taken."""
SHORTEST_LEAD, LEAD_SPAN = 60 * 60 * 1000, 14 * 24 * 60 * 60 * 1000
VISITOR, VISITOR_NAME = "site:scale", "сайт"
BACK = FOLLOW_UP_DAYS * SLOTS_A_DAY
"""The number of a cell less this is the cell of the same doctor and hour two weeks before."""


def _lead(key: str) -> str:
    return f"(({SHORTEST_LEAD} + {draw(key, LEAD, LEAD_SPAN)}) * interval '1 millisecond')"


def _visit_id(created_at: str, key: str) -> str:
    return uuid7(milliseconds(created_at), key, VISIT_ID)


SHIFTS = f"""
    shifts AS MATERIALIZED (
        SELECT *, {uuid7("published_ms", "shift_no", SHIFT_ID)} AS shift_id
        FROM (
            SELECT *, {milliseconds("published_at")} AS published_ms
            FROM (
                SELECT doctor.*, day.no AS day_no, day.date, doctor.no * 100000::bigint + day.no AS shift_no,
                    day.published_at + doctor.no * interval '100 milliseconds' AS published_at,
                    CASE WHEN early THEN day.morning ELSE day.afternoon END AS shift_at,
                    CASE WHEN early THEN day.earlier_morning ELSE day.earlier_afternoon END AS earlier_shift_at,
                    day.no * {CELLS_A_DAY}::bigint + CASE WHEN early THEN 0 ELSE {AFTERNOON_CELL} END AS first_cell
                FROM seed_scale.doctor JOIN seed_scale.day ON day.no BETWEEN doctor.first_day AND doctor.last_day,
                    LATERAL (SELECT mod(doctor.no + day.no, 2) = 0 AS early) half
                WHERE day.no BETWEEN %(first)s AND %(last)s
                OFFSET 0
            ) days
            OFFSET 0
        ) published
    )
"""

_DRAWN = f"""
    SELECT shifts.*, cell - CASE WHEN in_long THEN mod(k, 2) ELSE 0 END AS visit_cell,
        shift_at + k * interval '30 minutes' AS cell_at,
        earlier_shift_at + k * interval '30 minutes' AS earlier_at,
        in_long OR {chance("cell", SINGLE, SINGLE_SHARE)} AS booked,
        day_no - {FOLLOW_UP_DAYS} >= first_day AND mod(day_no / {FOLLOW_UP_DAYS}, 2) = 1
            AND NOT {chance(f"((cell - {BACK}) / 2)", LONG, LONG_SHARE)}
            AND {chance(f"(cell - {BACK})", SINGLE, SINGLE_SHARE)}
            AND {chance(f"(2 * (cell - {BACK}))", CAME, CAME_SHARE)} AS came_earlier
    FROM (
        SELECT shifts.*, k, shift_no * {SLOTS_A_DAY} + k AS cell,
            {chance(f"((shift_no * {SLOTS_A_DAY} + k) / 2)", LONG, LONG_SHARE)} AS in_long
        FROM shifts, generate_series(0, {SLOTS_A_DAY - 1}) k
        OFFSET 0
    ) shifts
    OFFSET 0
"""
CELLS = f"""
    cells AS MATERIALIZED (
        SELECT *, CASE WHEN booked THEN {_visit_id("created_at", "key")} END AS appointment_id
        FROM (
            SELECT *, CASE WHEN follows THEN earlier_at + interval '40 minutes'
                ELSE least(visit_at, %(now)s::timestamptz) - {_lead("key")} END AS created_at
            FROM (
                SELECT *, 2 * visit_cell AS key, cell_at - (cell - visit_cell) * interval '30 minutes' AS visit_at,
                    booked AND NOT in_long AND came_earlier AND earlier_at < %(now)s::timestamptz - interval '1 hour'
                        AS follows,
                    NOT booked AND {chance("cell", BLOCKED, BLOCKED_SHARE)} AS blocked
                FROM ({_DRAWN}) drawn
                OFFSET 0
            ) visits
            OFFSET 0
        ) times
    )
"""
"""Two cells of a long visit have its key and its appointment. Who comes again comes to the same hour."""

_BOTH = f"""
    SELECT cells.*, key AS visit_key, created_at AS visit_created, visit_at AS starts_at, false AS cancelled
    FROM cells WHERE booked AND cell = visit_cell
    UNION ALL
    SELECT cells.*, 2 * cell + 1, least(cell_at, %(now)s::timestamptz) - {_lead("(2 * cell + 1)")}, cell_at, true
    FROM cells WHERE {chance("cell", CANCELLED, CANCELLED_SHARE)}
"""
"""A cancelled visit holds no slot: another may have the same cell."""
_EARLIER_KEY = f"(visit_key - CASE WHEN again THEN {2 * BACK} ELSE 0 END)"
"""The key of the visit that is followed, or of this one."""
_PLACED = f"""
    SELECT *,
        starts_at + CASE WHEN service = 2 THEN interval '60 minutes' ELSE interval '30 minutes' END AS ends_at,
        mod(pool_no + CASE WHEN cancelled THEN pool_size / 2 ELSE 0 END + pool_step::bigint
            * (first_cell + k - CASE WHEN again THEN {FOLLOW_UP_DAYS * CELLS_A_DAY} ELSE 0 END), pool_size) AS place,
        CASE WHEN again THEN {_visit_id(f"earlier_at - {_lead(_EARLIER_KEY)}", _EARLIER_KEY)} END AS follow_up_of
    FROM (
        SELECT *, CASE WHEN in_long AND NOT cancelled THEN 2
            WHEN {chance(_EARLIER_KEY, EXAMINED, EXAMINED_SHARE)} THEN 3 ELSE 1 END AS service
        FROM (SELECT *, follows AND NOT cancelled AS again FROM ({_BOTH}) both_kinds) kinds
        OFFSET 0
    ) served
    OFFSET 0
"""
_CHANNELS = (
    f"ARRAY['{Channel.REGISTRY.value}', '{Channel.PHONE.value}', '{Channel.PHONE.value}', '{Channel.SITE.value}']"
)
VISITS = f"""
    visits AS MATERIALIZED (
        SELECT *,
            CASE channel WHEN '{Channel.SITE.value}' THEN '{VISITOR}' WHEN '{Channel.PHONE.value}' THEN operator
                ELSE registrar END AS by_ref,
            CASE channel WHEN '{Channel.SITE.value}' THEN '{VISITOR_NAME}'
                WHEN '{Channel.PHONE.value}' THEN operator_name ELSE registrar_name END AS by_name,
            channel <> '{Channel.SITE.value}' AND {chance("visit_key", TOLD, TOLD_SHARE)} AS told,
            CASE WHEN children THEN place * 10 + {CHILD}
                ELSE place / {ADULTS} * 10 + mod(place, {ADULTS}) END AS patient_n,
            visit_created + (least(starts_at, %(now)s::timestamptz) - visit_created) / 2 AS called_off_at
        FROM (
            SELECT *, {_visit_id("visit_created", "visit_key")} AS visit_id,
                CASE WHEN cancelled THEN '{Status.CANCELLED.value}'
                    WHEN starts_at > %(now)s::timestamptz THEN '{Status.BOOKED.value}'
                    WHEN ends_at > %(now)s::timestamptz THEN '{Status.CHECKED_IN.value}'
                    WHEN {chance("visit_key", CAME, CAME_SHARE)} THEN '{Status.FULFILLED.value}'
                    ELSE '{Status.NOSHOW.value}' END AS status,
                ({_CHANNELS})[1 + mod({draw("visit_key", CHANNEL, 4)}, CASE WHEN again THEN 2 ELSE 4 END)] AS channel,
                {pick("%(registrars)s::text[]", "visit_key", WHO, 9)} AS registrar,
                {pick("%(registrar_names)s::text[]", "visit_key", WHO, 9)} AS registrar_name,
                {pick("%(operators)s::text[]", "visit_key", WHO, 9)} AS operator,
                {pick("%(operator_names)s::text[]", "visit_key", WHO, 9)} AS operator_name
            FROM ({_PLACED}) placed
            OFFSET 0
        ) drawn
    )
"""
