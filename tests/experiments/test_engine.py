"""Which engine runs, and that the choice is told."""

import pytest

from loyaltysim.errors import UsageError
from loyaltysim.experiments.engine import chosen, occasions, threads_for
from loyaltysim.experiments.smallest import smallest


def test_auto_takes_simpy_only_where_it_is_done_before_the_kernel_is_loaded():
    tiny = smallest()
    assert chosen("auto", tiny, 1) == "simpy"
    assert chosen("auto", tiny, 1000) == "compiled"


def test_an_engine_that_is_asked_for_is_taken():
    assert chosen("simpy", smallest(), 10**6) == "simpy"
    assert chosen("compiled", smallest(), 1) == "compiled"


def test_an_unknown_engine_is_a_fault_of_usage():
    with pytest.raises(UsageError, match="'fast' is none of auto, simpy, compiled"):
        chosen("fast", smallest(), 1)


def test_occasions_are_counted_for_the_past_and_both_arms():
    assert occasions(smallest()) == pytest.approx((4 + 1) * 4 * (1 + 2))


def test_only_large_markets_get_several_threads():
    small = smallest()
    large = small.model_copy(update={"market": small.market.model_copy(update={"customers": 60_000})})
    assert threads_for(small, 8, 2) == 1
    assert threads_for(large, 8, 2) == 4
    assert threads_for(large, 2, 4) == 1
