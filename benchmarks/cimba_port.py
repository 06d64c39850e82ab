"""The yardstick's life (`naive.py`) for cimba 0.9.5, a process a customer; run by the Python that has cimba.

`python cimba_port.py CUSTOMERS MONTHS` prints one JSON object: CPU seconds of the run without compiling,
visits, visits to a desk, visits given up, and bytes of memory a customer.
"""

import json
import math
import sys
import time

import cimba as cb
import numpy as np

RATE = 0.8 / (365.0 / 12.0)
SERVICE, PATIENCE = 18.0 / 1440.0, 36.0 / 1440.0
PER_SITE = 2000
TIRED = 7


class Site(cb.Model):
    desk: cb.Resource
    visits: cb.Output[int]
    at_desks: cb.Output[int]
    gave_up: cb.Output[int]
    spend: cb.Output[float]

    @cb.process(copies=PER_SITE)
    def customer(self):
        at_firm = cb.random.uniform(0.0, 1.0) < 0.6
        satisfaction = 75.0
        expectation = 75.0
        threshold = cb.random.normal(45.0, 18.0)
        balance = 0
        while True:
            cb.hold(cb.random.exponential(1.0 / RATE))
            self.visits += 1
            wait = 0.0
            served = True
            if at_firm:
                self.at_desks += 1
                arrival = cb.now()
                me = cb.this_process()
                me.timer_set(cb.random.exponential(PATIENCE), TIRED)
                served = self.desk.acquire(1) != TIRED
                me.timers_clear()
                wait = cb.now() - arrival
                if not served:
                    self.gave_up += 1
            csi = 76.0 + 7.0 * cb.random.normal(0.0, 1.0)
            if wait > 0.0:
                csi -= 0.3 * 40.0 * (wait * 24.0) ** 1.5
            gap = csi - expectation
            felt = csi + (0.2 * gap if gap > 0.0 else 0.5 * gap)
            satisfaction += 0.2 * (min(max(felt, 0.0), 100.0) - satisfaction)
            expectation += (0.35 if gap > 0.0 else 0.25) * gap
            if served:
                spend = 20.0 * math.exp(0.4 * cb.random.normal(0.0, 1.0) - 0.08)
                self.spend += spend
                if at_firm:
                    if balance >= 100:
                        balance -= 100
                    balance += int(spend)
            staying = 0.15 + 0.83 / (1.0 + math.exp(-(satisfaction - threshold) / 4.0))
            leaves = cb.random.uniform(0.0, 1.0) > staying ** (1.0 / 9.6)
            if at_firm and served:
                cb.hold(cb.random.exponential(SERVICE))
                self.desk.release(1)
            if leaves:
                at_firm = not at_firm


class Market(cb.Model):
    sites: list[Site]

    def __init__(self, number: int) -> None:
        self.sites = [Site() for _ in range(number)]


def run(sites: int, months: float):
    market = Market(sites)
    experiment = cb.Experiment(
        market, replications=1, window=cb.Window(warmup=0.0, duration=months * 365.0 / 12.0), seed=1
    )
    before = time.process_time()
    results = experiment.run()
    return time.process_time() - before, market, results


def kilobytes() -> int:
    """Most memory that this process has held. `getrusage` would start from what its parent holds (Linux)."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def main() -> None:
    customers, months = int(sys.argv[1]), float(sys.argv[2])
    run(1, 0.1)  # compiled here
    empty = kilobytes()
    seconds, market, results = run(customers // PER_SITE, months)
    short, _, _ = run(customers // PER_SITE, 0.0001)
    total = {
        name: int(sum(np.ravel(getattr(results[site], name))[0] for site in market.sites))
        for name in ("visits", "at_desks", "gave_up")
    }
    total |= {"seconds": seconds, "opening": short, "bytes": 1024.0 * (kilobytes() - empty) / customers}
    print(json.dumps(total))


if __name__ == "__main__":
    main()
