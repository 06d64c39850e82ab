"""A run in a process of its own, to be interrupted: `slow_run.py SCENARIO OUT WORKERS [resume] [warm]`."""

import sys

import made_up

from loyaltysim.experiments import run as verb
from loyaltysim.experiments.warm import stand_ready
from loyaltysim.scenario.load import load

if __name__ == "__main__":
    scenario, out, workers, *more = sys.argv[1:]
    verb.replicate = made_up.slowly
    if "warm" in more:
        stand_ready(int(workers))
    try:
        results = verb.run(
            load(scenario), out=out, workers=int(workers), resume="resume" in more, replications=12
        )
    except KeyboardInterrupt:
        sys.exit(130)
    print(results.digest)
