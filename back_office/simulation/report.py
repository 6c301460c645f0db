"""The figures of a simulation beside the bars of T100–T105 and what the model has promised."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from back_office.simulation.clock import WEEK, worked
from back_office.simulation.measures import Freed, Measures
from back_office.simulation.runs import Run
from back_office.simulation.world import LONG, MIDDLE, SHARE, SHORT

NEVER = 9999.0
PHONE_FIRST = ((SHORT, 65, 69), (MIDDLE, 82, 86), (LONG, 90, 94), (None, 80, 84))
MESSAGE_FIRST = ((SHORT, 66, 69), (MIDDLE, 86, 90), (LONG, 92, 95), (None, 82, 85))
"""The bars and the model's figures of each notice."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    case: str
    name: str
    measured: float
    bar: float | None
    model: float | None
    unit: str = "%"
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Tells whether the bar is met, as exactly as it is written."""
        if self.bar is None:
            return True
        shown = float(_number(self.measured))
        return shown >= self.bar if self.at_least else shown <= self.bar


def figures(measures: Measures) -> list[Figure]:
    """Returns the lines of the report; the bars and the model's figures are those of quality.md."""
    found = [*_refilled(measures), *_work(measures), *_held(measures), *_calls(measures), *_touched(measures)]
    return [*found, *(_month(measures) if measures.world.month else [])]


def _refilled(measures: Measures) -> Iterable[Figure]:
    for notice, bar, model in MESSAGE_FIRST if measures.world.message_first else PHONE_FIRST:
        name = f"занято листом, {_of_notice(notice)}"
        yield Figure("T103", name, _share(measures, notice, lambda each: each.by_list), bar, model, at_least=True)
    for notice, bar in ((SHORT, 68), (MIDDLE, 85), (LONG, 96), (None, 84)):
        name = f"занято кем угодно, {_of_notice(notice)}"
        share = _share(measures, notice, lambda each: each.taken_at is not None)
        yield Figure("T103", name, share, bar, None, at_least=True)
    silent = _share(measures, None, lambda each: each.phoned_at is None and each.taken_at is None)
    yield Figure("T103", "пропало, и никому не звонили", silent, None, None)


def _work(measures: Measures) -> Iterable[Figure]:
    fills = sum(each.by_list and measures.calls.measured(each.taken_at or 0) for each in measures.freed)
    fills += measures.month.booked
    minutes, dials = ((12.5, 12.2), (5.6, 5.4)) if measures.world.message_first else ((14.5, 14.0), (6.8, 6.5))
    yield Figure("T103", "минут оператора на запись", measures.calls.minutes / max(fills, 1), *minutes, "мин")
    yield Figure("T103", "наборов на запись", measures.calls.dials / max(fills, 1), *dials, "")
    if measures.world.message_first:
        people = measures.world.waiting * measures.world.specialties * (measures.world.warm_up + measures.world.days)
        yield Figure("T103", "сообщений человеку в день", measures.messages / people, None, 1.5, "")


def _held(measures: Measures) -> Iterable[Figure]:
    holds = measures.holds
    yield Figure("T100", "удержано разом, доля недели", 100 * holds.share_at_most, 1, 0.4)
    yield Figure("T100", "удержано в среднем в часы звонков", 100 * holds.mean_share, None, None)
    yield Figure("T100", "слотов одного дня врача разом", holds.most_of_day, 1, None, "")
    bar, model = (120, 107) if measures.world.message_first else (105, 94)
    yield Figure("T100", "слото-часов в неделю", holds.hours_a_week, bar, model, "ч")
    yield Figure("T100", "правом первого отказа вне часов", holds.refusals_at_night, 0, 0, "")
    yield Figure("T100", "слотов у начатых до закрытия звонков", holds.at_night, None, None, "")
    hidden = sum(each.hidden_share >= 0.5 for each in _judged(measures))
    yield Figure("T100", "скрыто ≥ 50 % от «освободилось» до визита", hidden, 0, None, "")
    most = max((each.hidden_share for each in _judged(measures)), default=0)
    yield Figure("T100", "скрыто дольше всего", 100 * most, 50, 42)
    yield Figure("T100", "посетителей не нашли скрытого времени", measures.turned_away, None, None, "")


def _calls(measures: Measures) -> Iterable[Figure]:
    calls = measures.calls
    yield Figure("T101", "наборов раньше чем через 30 мин", calls.soon_again, 0, 0, "")
    yield Figure("T101", "наборов человеку в день, не больше", calls.most_of_day, 3, 3, "")
    yield Figure("T101", "номеров набрано двумя разом", calls.by_two, 0, 0, "")
    yield Figure("T101", "наборов вне часов", calls.outside_hours, 0, 0, "")
    yield Figure("T101", "обещанных звонков позже чем на 5 мин", calls.late_call_backs, 0, None, "")
    yield Figure("T101", "звонков о времени, от которого отказались", calls.about_refused, None, 0, "")
    yield Figure("T101", "«да» на время, которое уже занял другой", calls.taken_meanwhile, None, None, "")
    yield Figure(
        "T102", "исходов записано", 100 * calls.recorded / max(measures.calls.ended, 1), 100, 100, at_least=True
    )


def _touched(measures: Measures) -> Iterable[Figure]:
    p50, p90 = touched(measures)
    free = measures.world.load == 0
    if measures.world.message_first:
        yield Figure("T105", "освободилось → сообщение, p50", asked(measures), 6, None, "мин")
        yield Figure("T105", "освободилось → первый звонок, p50", p50, 16, 15, "мин")
        yield Figure("T105", "освободилось → первый звонок, p90", p90, None, 25, "мин")
        return
    yield Figure("T105", "освободилось → первый звонок, p50", p50, 5, None, "мин")
    yield Figure("T105", "освободилось → первый звонок, p90", p90, 15 if free else 18, 9 if free else 14, "мин")


def _month(measures: Measures) -> Iterable[Figure]:
    month = measures.month
    free = measures.world.load == 0
    last = month.settled[int(len(month.settled) * 0.95)] / 60 if month.settled else NEVER
    yield Figure("T104", "подбор по опубликованному месяцу, CPU", month.matched_in, 3, None, "с")
    yield Figure("T104", "ответов на человека, не больше", month.proposals, 1, 1, "")
    yield Figure("T104", "попыток дозвониться подряд, не больше", month.attempts, 3, 3, "")
    yield Figure("T104", "наборов на человека, не больше", month.most_dials, None, None, "")
    yield Figure("T104", "наборов на человека в среднем", month.dials / max(month.people, 1), 2, 1.75, "")
    yield Figure("T104", "записано", 100 * month.booked / max(month.people, 1), 38, 40, at_least=True)
    yield Figure("T104", "узнали", 100 * len(month.settled) / max(month.people, 1), 95, 100, at_least=True)
    yield Figure("T104", "узнали 95 % из них, часов звонков", last, 45 if free else 80, 37 if free else 68, "ч")


def touched(measures: Measures) -> tuple[float, float]:
    """Returns p50 and p90 of the calling minutes from freed to the first call; what visitors took is left out."""
    waited = sorted(
        worked(each.phoned_at) - worked(each.cancellation.at) if each.phoned_at is not None else NEVER
        for each in _judged(measures)
        if each.phoned_at is not None or each.taken_at is None
    )
    if not waited:
        return 0, 0
    return waited[len(waited) // 2], waited[int(len(waited) * 0.9)]


def asked(measures: Measures) -> float:
    """Returns p50 of the calling minutes from freed to the messages, of the times about which people were asked."""
    told = [(each.asked_at, each.cancellation.at) for each in _judged(measures)]
    waited = sorted(worked(at) - worked(freed) for at, freed in told if at is not None)
    return waited[len(waited) // 2] if waited else NEVER


def _judged(measures: Measures) -> list[Freed]:
    """Returns what was freed in the days that are measured; with long notice, early enough to be seen to its end."""
    world = measures.world
    last = world.ends - (WEEK if world.days > 7 else 0)
    return [
        each
        for each in measures.freed
        if world.begins <= each.cancellation.at < (last if each.cancellation.notice == LONG else world.ends)
    ]


def _share(measures: Measures, notice: int | None, counts: Callable[[Freed], bool]) -> float:
    of_notice = [each for each in _judged(measures) if notice in (None, each.cancellation.notice)]
    return 100 * mean(counts(each) for each in of_notice) if of_notice else 0


def _of_notice(notice: int | None) -> str:
    return "всё" if notice is None else SHARE[notice]


def _number(number: float) -> str:
    if abs(number) >= 100 or number == int(number):
        return f"{number:.0f}"
    return f"{number:.2f}" if abs(number) < 10 else f"{number:.1f}"


def lines(measures: Measures) -> list[str]:
    """Returns the table of one run."""
    rows = [("случай", "мера", "вышло", "планка", "модель", "до модели", "")]
    for each in figures(measures):
        away = "" if each.model is None else f"{each.measured - each.model:+.1f}"
        bar = "" if each.bar is None else f"{'≥' if each.at_least else '≤'} {_number(each.bar)}"
        model = "" if each.model is None else _number(each.model)
        verdict = "" if each.bar is None else "да" if each.holds else "НЕТ"
        rows.append((each.case, each.name, f"{_number(each.measured)} {each.unit}", bar, model, away, verdict))
    return _table(rows)


COMPARED = {
    "лист, всё": "занято листом, всё",
    "< 24 ч": "занято листом, < 24 ч",
    "кто угодно": "занято кем угодно, всё",
    "мин/запись": "минут оператора на запись",
    "набор/запись": "наборов на запись",
    "разом, %": "удержано разом, доля недели",
    "день врача": "слотов одного дня врача разом",
    "слото-ч/нед": "слото-часов в неделю",
    "≥ 50 %": "скрыто ≥ 50 % от «освободилось» до визита",
    "в день": "наборов человеку в день, не больше",
    "p90, мин": "освободилось → первый звонок, p90",
}
"""The columns of a comparison."""


def comparison(results: Sequence[tuple[Run, Measures]]) -> list[str]:
    """Returns a table with one line for each run."""
    rows = [("прогон", *COMPARED, "занятость, %")]
    for run, measures in results:
        by_name = {each.name: each.measured for each in figures(measures)}
        rows.append((run.name, *(_number(by_name[name]) for name in COMPARED.values()), _number(_busy(measures))))
    return _table(rows)


def _busy(measures: Measures) -> float:
    """Returns the share of the operators' hours that calls about free times take."""
    world = measures.calls.world
    minutes = (worked(world.ends) - worked(world.begins)) * world.operators
    return 100 * measures.calls.minutes / max(minutes, 1)


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    rule = tuple("---" for _ in rows[0])
    return ["| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:])]
