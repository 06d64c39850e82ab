"""Bugs of accounts (TRUST 2f), and the test that kills each; see `planted`."""

from planted import Bug

CORE = "metrics/finance/test_core.py::"
MACHINE = "metrics/finance/test_books_machine.py::"
LIVED = "metrics/finance/test_lived.py::"
RATES = "metrics/finance/test_estimates.py::"
ACCOUNTS = {
    "the ratio of the allocation is rounded to whole per cent": Bug(
        "return portion(paid, rights, goods + rights)",
        "return portion(paid, portion(100, rights, goods + rights), 100)",
        CORE + "test_illustrative_example_52_to_the_cent",
    ),
    "the likelihood of use is counted twice": Bug(
        "return portion(face, likelihood, PARTS)",
        "return portion(face, likelihood * likelihood, PARTS * PARTS)",
        CORE + "test_illustrative_example_52_to_the_cent",
    ),
    "a changed estimate acts from now on only": Bug(
        "        change = self._earned() - self.recognised\n",
        "        change = 0\n",
        MACHINE + "test_each_cohort_owes_what_exact_fractions_say",
    ),
    "breakage is revenue at issue": Bug(
        "        self.expected += rights * likelihood\n",
        "        self.expected += rights * likelihood\n"
        "        self.recognised += allocation - portion(allocation, likelihood, PARTS)\n",
        CORE + "test_breakage_is_revenue_in_proportion_to_use",
    ),
    "a sale lowers revenue to date": Bug(
        "        self.allocation += allocation\n",
        "        self.allocation += allocation\n"
        "        self.recognised -= min(self.recognised, allocation)\n",
        MACHINE + "test_the_books_hold_after_every_step",
    ),
    "one cohort for all months": Bug(
        "        key = (issue, instrument, segment)\n",
        "        key = (0, instrument, segment)\n",
        CORE + "test_a_sale_after_a_pool_has_run_off_takes_no_revenue_back",
    ),
    "a voucher is worth its whole discount": Bug(
        "return portion(average, (discount - anyway) * likelihood, PARTS * PARTS)",
        "return portion(average, discount * likelihood, PARTS * PARTS)",
        CORE + "test_illustrative_example_49_to_the_cent",
    ),
    "a liability is left when nothing is open": Bug(
        "        if most == self.used:\n",
        "        if most == self.used < 0:\n",
        CORE + "test_nothing_is_owed_when_nothing_is_open",
    ),
    "a return leaves the points' part in the liability": Bug(
        "        amount = portion(self.liability, rights, self.open)\n",
        "        amount = 0\n",
        MACHINE + "test_the_books_hold_after_every_step",
    ),
    "what lapses of a law for the state is revenue": Bug(
        "        if self.method == ESCHEAT:\n            self.remitted",
        "        if self.method == REMOTE:\n            self.remitted",
        CORE + "test_what_belongs_to_the_state_is_no_revenue",
    ),
    "refunds are expected of the whole month until it is over": Bug(
        "        late = np.minimum(close - ends, terms.return_within)\n",
        "        late = np.minimum(close - begins, terms.return_within)\n",
        LIVED + "test_the_refund_liability_is_what_will_be_paid_back_of_sales_made",
    ),
    "points without a purchase are a liability": Bug(
        "        self.cohort(self.month, instrument, segment).issue(rights, 0, self.likelihood)\n",
        "        self.cohort(self.month, instrument, segment).issue(rights, rights, self.likelihood)\n",
        MACHINE + "test_the_books_hold_after_every_step",
    ),
    "the ladder's factors are means of ratios": Bug(
        "            factors[age] = cumulative[both, age + 1].sum() / below\n",
        "            factors[age] = (cumulative[both, age + 1] / cumulative[both, age]).mean()\n",
        RATES + "test_the_chain_ladder_of_the_published_example",
    ),
    "points of a cohort are counted one month older": Bug(
        "        uses[age, U.REDEEMED] += taken\n",
        "        uses[min(age + 1, len(lots) - 1), U.REDEEMED] += taken\n",
        "rules/test_points_book.py::test_given_points_of_a_month_are_used_after_its_earned_ones",
    ),
    "money that nobody asks for is revenue": Bug(
        "    for issue, number in oldest(books, segment, row[REMITTED]):\n",
        "    for issue, number in oldest(books, segment, 0):\n",
        LIVED + "test_money_that_goes_to_the_state_is_never_revenue",
    ),
    "fees that may be paid back are a contract liability": Bug(
        "                books.expect_fees_back(segment, int(fees_back[month, segment]))\n",
        "                books.expect_fees_back(segment, 0)\n",
        LIVED + "test_fees_that_may_be_paid_back_are_a_refund_liability_and_no_revenue",
    ),
    "perks promised are those of the year to date": Bug(
        "    last = slice(max(len(sales) - YEAR, 0), None)\n",
        "    last = slice(0, YEAR)\n",
        "metrics/finance/test_tier_rights.py::test_in_a_world_that_stands_still_a_years_promises_are_owed",
    ),
    "points that a new programme knows no more never lapse": Bug(
        "    run_off(points[0], before[0])\n",
        "",
        LIVED + "test_points_of_a_programme_that_ends_lapse_by_their_own_terms",
    ),
    "only points stop when the budget is spent": Bug(
        "            found += [replaced(ours[name], 0, terms[name] if gives else 0) for name in names]\n",
        "            found += [replaced(ours[name], 0, terms[name]) for name in names]\n",
        "engines/test_cap.py::test_every_instrument_stops_giving_and_gives_again[bonus]",
    ),
    "older lots outlive a shorter expiry": Bug(
        "        for age in range(points.validity, len(lots)):\n",
        "        for age in range(points.validity, points.validity + 1):\n",
        "rules/test_points_book.py::test_a_shorter_validity_ends_older_lots_at_the_next_close",
    ),
    "who has left the firm renews": Bug(
        "    open_to_her = c.home == FIRM and world.own_club(w, i).active == 1\n",
        "    open_to_her = world.own_club(w, i).active == 1\n",
        "metamorphic/test_membership.py::test_who_has_left_does_not_renew[compiled]",
    ),
}
