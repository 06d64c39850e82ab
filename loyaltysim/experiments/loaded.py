"""All that a worker needs, loaded on import: what the process does that workers are forked from."""

import gc

from loyaltysim.experiments import task  # noqa: F401
from loyaltysim.experiments.engine import must_compile
from loyaltysim.experiments.trace import warmup

if not must_compile("compiled"):
    warmup("compiled")
gc.freeze()  # a collection would touch what all workers share
