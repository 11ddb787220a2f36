"""The pacer, in simulated time: share of the quota used, refusals, order, other clients."""

from __future__ import annotations

import heapq
import random
import threading
from dataclasses import dataclass, field

import pytest

from recon.systems.pacer import RANK, Pacer


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@dataclass
class Service:
    """At most `quota` accepted calls in any second, its own and those of a second client."""

    quota: int
    taken: list[float] = field(default_factory=list)

    def accepts(self, moment: float) -> bool:
        self.taken = [t for t in self.taken if t > moment - 1.0]
        if len(self.taken) >= self.quota:
            return False
        self.taken.append(moment)
        return True


@dataclass
class Outcome:
    sent: int
    refused: int
    seconds: float
    late: int = 0

    @property
    def rate(self) -> float:
        return (self.sent - self.refused) / self.seconds


def simulate(calls: int, seed: int, others: float = 0.0, until: float = float("inf")) -> Outcome:
    """Calls at the pacer's pace, 0 to 20 ms from gate to server, refusals told 50-900 ms later."""
    chance, clock, service = random.Random(seed), Clock(), Service(10)
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    told: list[tuple[float, float]] = []
    refused = late = 0
    other = 0.0
    for _ in range(calls):
        sent = pacer.wait()
        while told and told[0][0] <= clock.now:
            pacer.slow(heapq.heappop(told)[1], None)
        arrives = clock.now + chance.uniform(0, 0.02)
        while others and other < min(arrives, until):
            service.accepts(other)
            other += chance.uniform(0.8, 1.2) / others
        if not service.accepts(arrives):
            refused += 1
            late += clock.now > 60
            heapq.heappush(told, (arrives + chance.uniform(0.05, 0.9), sent))
        clock.now += 0.0002
    return Outcome(calls, refused, clock.now, late)


@pytest.mark.parametrize("seed", range(3))
def test_uses_nine_tenths_of_the_quota_with_hardly_a_refusal(seed: int) -> None:
    outcome = simulate(3000, seed)
    assert outcome.rate >= 9.0
    assert outcome.refused <= 0.005 * outcome.sent


@pytest.mark.parametrize("seed", range(3))
def test_makes_room_for_a_second_client(seed: int) -> None:
    outcome = simulate(6000, seed, others=3.0)
    assert outcome.refused <= 0.005 * outcome.sent
    assert outcome.late <= 0.005 * outcome.sent
    assert 5.0 <= outcome.rate <= 7.1


def test_takes_the_quota_back_when_the_second_client_ends() -> None:
    busy = simulate(9000, 1, others=3.0, until=120.0)
    assert busy.rate >= 8.5


def test_never_lets_more_through_than_the_quota_in_a_second() -> None:
    clock = Clock()
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    chance = random.Random(7)
    sent: list[float] = []
    for _ in range(500):
        clock.now += chance.choice((0.0, 0.0, 0.0, 0.3, 2.0))
        sent.append(pacer.wait())
    assert all(b - a > 1.0 for a, b in zip(sent, sent[10:], strict=False))


def test_a_call_counts_from_when_it_left_a_busy_process() -> None:
    """Half a second lies between a call's turn and its leaving: the window begins there."""
    clock, service = Clock(), Service(10)
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    for _ in range(20):
        pacer.wait()
    held = pacer.wait()
    clock.now += 0.5
    pacer.left(held)
    assert service.accepts(clock.now)
    for _ in range(40):
        pacer.left(pacer.wait())
        assert service.accepts(clock.now)


def test_waits_as_long_as_it_is_told() -> None:
    clock = Clock()
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    pacer.slow(pacer.wait(), 7.0)
    assert pacer.wait() >= 7.0


def test_of_refusals_from_before_it_slowed_only_a_second_one_counts() -> None:
    clock = Clock()
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    sent = [pacer.wait() for _ in range(5)]
    rates = []
    for moment in reversed(sent):
        pacer.slow(moment, None)
        rates.append(pacer.rate)
    assert rates[0] > rates[1] == rates[2] == rates[4]


def test_a_second_refusal_soon_slows_it_more() -> None:
    clock = Clock()
    pacer = Pacer(10, clock=clock, sleep=clock.sleep)
    before = pacer.rate
    pacer.slow(pacer.wait(), None)
    first = pacer.rate / before
    clock.now += 2.0
    pacer.slow(pacer.wait(), None)
    assert pacer.rate / (before * first) < first


def test_threads_get_their_turn_by_rank_and_in_the_order_they_came() -> None:
    free = threading.Event()
    pacer = Pacer(1, clock=lambda: 100.0 if free.is_set() else 0.0, sleep=lambda _: hold(free))
    pacer.wait()
    order: list[int] = []

    def ask(number: int) -> None:
        RANK.set(1 if number in (1, 3) else 0)
        pacer.wait()
        order.append(number)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        while pacer.waiting <= number:
            pass
    advance = iter(range(200, 2000, 100))
    pacer._clock = lambda: float(next(advance))
    free.set()
    for thread in threads:
        thread.join()
    assert order == [0, 2, 4, 1, 3]


def hold(free: threading.Event) -> None:
    free.wait()
