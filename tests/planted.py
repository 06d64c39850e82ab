"""Bugs that people make in models like this one, and the test that kills each (see test_planted_bugs).

Each is a change of the text in one place of the package: what it says, what it becomes, and the test that
fails then. A test with a name in square brackets is one case of it.
"""

from typing import NamedTuple


class Bug(NamedTuple):
    """A text that stands once in the package, what it becomes, and the test that sees it."""

    old: str
    new: str
    test: str


BEHAVIOUR = {
    "everybody has the mean chance of leaving, in place of her own": Bug(
        "return 1.0 - beta(tables[terms.renewal_table], uniform(key, STAYS, 0, 0))",
        "return 0.85",
        "rules/test_own_traits.py::test_her_own_chance_of_staying_is_one_less_a_beta",
    ),
    "everybody comes at the mean rate": Bug(
        "return segment.rate * gamma(tables[segment.rate_table], u) / segment.rate_shape",
        "return segment.rate",
        "rules/test_own_traits.py::test_her_own_rate_is_gamma",
    ),
    "everybody has the mean threshold": Bug(
        "return segment.threshold + segment.threshold_sd * normal(uniform(key, THRESHOLD, 0, 0))",
        "return segment.threshold",
        "rules/test_own_traits.py::test_her_own_threshold_is_normal",
    ),
    "she leaves by the level of satisfaction, not by its distance from the best rival": Bug(
        "+ money - against + terms.offset",
        "+ money + terms.offset",
        "rules/test_pull_and_standing.py::test_standing_is_the_sum_of_its_parts",
    ),
    "a visit is clipped before the price is taken off, in place of the attributes": Bug(
        "return csi - segment.price_weight * 100.0 * price_level",
        "return clipped(csi - segment.price_weight * 100.0 * price_level)",
        "rules/test_quality_and_expectation.py::test_csi_is_the_weighted_sum_of_what_was_delivered",
    ),
    "an offer reaches those who have left the market": Bug(
        "if c.present == 1 and concerns(",
        "if c.present != 0 and concerns(",
        "rules/test_own_traits.py::test_an_offer_turns_for_those_in_the_market_only",
    ),
    "an offer reaches those who have yet to enter": Bug(
        "if c.present == 1 and concerns(",
        "if c.present != 2 and concerns(",
        "rules/test_own_traits.py::test_an_offer_turns_for_those_in_the_market_only",
    ),
    "newcomers share one stream of luck": Bug(
        'world.customers["key"] = keys_of(seed, replication, number)',
        'world.customers["key"] = keys_of(seed, replication, number)[np.minimum(range(number), 90)]',
        "rules/test_own_traits.py::test_no_two_customers_of_any_replication_share_a_stream",
    ),
    "a key is the sum of seed, replication and customer": Bug(
        "    random = mixed(random ^ (np.uint64(replication) + _ONE) * _MIX_A)\n"
        "    random = mixed(random ^ (np.uint64(customer) + _ONE) * _MIX_B)\n",
        "    random = mixed(np.uint64(seed) + np.uint64(replication) + np.uint64(customer))\n",
        "rules/test_own_traits.py::test_no_two_customers_of_any_replication_share_a_stream",
    ),
}

MONEY = {
    "value is counted from the end of the first year on": Bug(
        "today = CENT * math.exp(-terms.discount * now)",
        "today = CENT * math.exp(-terms.discount * (now + 365.0))",
        "rules/test_own_traits.py::test_five_payments_are_discounted_from_the_day_of_the_first",
    ),
    "the yearly rate of discount is taken off every month": Bug(
        "today = CENT * math.exp(-terms.discount * now)",
        "today = CENT * math.exp(-terms.discount * 12.0 * now)",
        "rules/test_own_traits.py::test_five_payments_are_discounted_from_the_day_of_the_first",
    ),
}

STATISTICS = {
    "the standard deviation of a population, n, in place of a sample's": Bug(
        "strict=True)) / (len(left) - 1)",
        "strict=True)) / len(left)",
        "metrics/statistics/test_intervals.py::test_the_variance_divides_by_n_minus_1",
    ),
    "the interval of a difference forgets that the arms are paired": Bug(
        "residuals(numerators, denominators), residuals(base_numerators, base_denominators), strict=True",
        "residuals(numerators, denominators),"
        " sorted(residuals(base_numerators, base_denominators), reverse=True), strict=True",
        "metrics/statistics/test_intervals.py::test_the_difference_of_two_ratios_is_paired",
    ),
    "the effect of a mean is judged as if the arms had luck of their own": Bug(
        "[x - y for x, y in zip(above, base_above, strict=True)], level, kpi.estimator",
        "[x - y for x, y in zip(above, sorted(base_above, reverse=True), strict=True)], level, kpi.estimator",
        "metrics/test_summary.py::test_a_mean_has_the_paired_t_interval_as_its_effect",
    ),
    "1.96 in place of Student's t": Bug(
        "return float(stdtrit(degrees, (1 + level) / 2))",
        "return 1.959963984540054",
        "metrics/statistics/test_intervals.py::test_the_t_interval_of_1_to_5_is_the_textbooks",
    ),
    "a percentile is interpolated between values": Bug(
        "middle = ordered[quantile_rank(n, share) - 1]",
        "middle = (1 - (n - 1) * share % 1) * ordered[int((n - 1) * share)]"
        " + (n - 1) * share % 1 * ordered[min(int((n - 1) * share) + 1, n - 1)]",
        "metrics/statistics/test_intervals.py::test_the_interval_of_a_quantile_lies_on_values_of_the_sample",
    ),
    "a percentile has an interval however few the values": Bug(
        "    return None if lower == 0 or upper is None else (lower, upper)",
        "    return (max(lower, 1), upper or n)",
        "metrics/statistics/test_intervals.py::test_a_95th_percentile_needs_72_values",
    ),
    "replications in which a figure is not defined are left out": Bug(
        "    if len(known) < len(parts):\n        return undefined(kpi, len(parts), level)\n    above",
        "    above",
        "metrics/test_summary.py::test_a_figure_undefined_in_one_replication_is_not_averaged_over_the_rest",
    ),
    "replications that failed are dropped without a word": Bug(
        "                keep(waiting[0], result_of(waiting[0], attempt(task, waiting[0])))\n",
        "                done = attempt(task, waiting[0])\n"
        "                if not done.error:\n"
        "                    keep(waiting[0], result_of(waiting[0], done))\n",
        "experiments/test_run.py::test_a_replication_that_fails_is_never_dropped[1]",
    ),
}

BUGS = {**BEHAVIOUR, **MONEY, **STATISTICS}
