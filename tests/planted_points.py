"""Bugs of the points book (TRUST 2f), and the test that kills each; see `planted`."""

from planted import Bug

BOOKS = "rules/test_points_machine.py::test_the_book_of_a_world_is_the_ledger_of_lists"
LIVED = "engines/test_points_lived.py::"
BACK = "engines/test_returns.py::"
POINTS = {
    "the youngest lot is used first": Bug(
        "for age in range(len(lots) - 1, -1, -1):",
        "for age in range(len(lots)):",
        "rules/test_points_book.py::test_a_redemption_never_touches_a_younger_lot_first",
    ),
    "a lot lapses after its validity, in place of at it": Bug(
        "elif points.validity < len(lots):",
        "elif points.validity < len(lots) - 1:",
        "rules/test_points_book.py::test_a_lot_lapses_at_its_validity",
    ),
    "rolling points live from the last reward": Bug(
        "    c.active_month = month\n",
        "    c.active_month = month if redeemed > 0 else c.active_month\n",
        LIVED + "test_rolling_points_live_from_the_last_purchase_and_not_from_the_last_reward",
    ),
    "more is redeemed than the balance": Bug(
        "number = balance // points.step * points.step",
        "number = (balance // points.step + 1) * points.step",
        "rules/test_points_book.py::test_nobody_redeems_more_than_she_holds",
    ),
    "points are issued twice": Bug(
        "        c.balance += left\n        book.grant(world.lots(w)[i], month, left)\n"
        "        if points.carded",
        "        c.balance += left\n        book.grant(world.lots(w)[i], month, left)\n"
        "        book.grant(world.lots(w)[i], month, left)\n        if points.carded",
        LIVED + "test_points_are_earned_once_on_what_was_paid_and_never_on_what_points_paid",
    ),
    "every fraction of a point is rounded up": Bug(
        "        return amount // over\n",
        "        return (amount + over - 1) // over\n",
        "rules/test_points_book.py::test_half_a_point",
    ),
    "points are earned on what points paid": Bug(
        "book.earned_by_class(points, world.segments(w)[c.segment], due - paid)",
        "book.earned_by_class(points, world.segments(w)[c.segment], due)",
        LIVED + "test_points_are_earned_once_on_what_was_paid_and_never_on_what_points_paid",
    ),
    "the lots of those who leave the market are kept": Bug(
        "        book.all_points(world.lots(w)[i])\n",
        "",
        LIVED + "test_who_leaves_the_market_leaves_no_points_behind",
    ),
    "points without a purchase are kept by those who leave the market": Bug(
        "        book.all_points(world.gifts(w)[i])\n",
        "",
        LIVED + "test_who_leaves_the_market_leaves_no_points_behind",
    ),
    "returns keep points": Bug(
        "charge = take_back(w, i, p.earned, p.net)",
        "charge = take_back(w, i, 0, p.net)",
        BACK + "test_the_money_of_a_sale_brought_back_is_paid_back_and_its_points_are_taken",
    ),
    "returns keep points that were spent": Bug(
        "    world.debts(w)[i] += missing\n",
        "    row[M.POINTS_TAKEN_BACK] -= missing\n",
        BACK + "test_who_has_spent_the_points_owes_them_and_later_points_pay_first",
    ),
    "points that paid for a sale brought back are lost": Bug(
        "    restore(w, i, p.redeemed)\n",
        "",
        BACK + "test_the_money_of_a_sale_brought_back_is_paid_back_and_its_points_are_taken",
    ),
    "a debt of points is never paid": Bug(
        "pays = min(world.debts(w)[i], number)",
        "pays = min(world.debts(w)[i], 0)",
        BACK + "test_who_has_spent_the_points_owes_them_and_later_points_pay_first",
    ),
    "a charge for spent points is not kept from the refund": Bug(
        "refund = p.net - charge",
        "refund = p.net",
        BACK + "test_with_charge_the_worth_of_spent_points_is_kept_and_nobody_owes",
    ),
    "a sale brought back goes on counting towards a tier": Bug(
        "        tiers.disqualify(w, i, p.month, p.net, p.earned)\n",
        "        pass\n",
        BACK + "test_a_sale_brought_back_counts_no_longer_towards_a_tier",
    ),
    "the oldest points are taken back": Bug(
        "for age in range(min(len(lots), month + 1)):",
        "for age in range(min(len(lots) - 1, month), -1, -1):",
        BOOKS,
    ),
    "gifts are paid out to who owes": Bug(
        "    left = after_debt(w, i, number)\n    book.grant(world.gifts",
        "    left = number\n    book.grant(world.gifts",
        "rules/test_points_machine.py::test_a_birthday_pays_a_debt_first",
    ),
    "a card put aside goes on collecting": Bug(
        "takes_part = world.cards(w)[i].aside == 0",
        "takes_part = True",
        BOOKS,
    ),
    "a tier is reached before the purchase that reaches it": Bug(
        "        earned = tiers.with_multiplier(w, i, earned)\n"
        "        tiers.qualify(w, i, now, net, earned)\n",
        "        tiers.qualify(w, i, now, net, earned)\n"
        "        earned = tiers.with_multiplier(w, i, earned)\n",
        BOOKS,
    ),
    "cash comes back on what points paid": Bug(
        "rounded((due - paid) * book.cash_back(points, c))",
        "rounded(due * book.cash_back(points, c))",
        BOOKS,
    ),
    "birthdays of those who have never bought": Bug(
        "if points.birthday == 0 or world.cards(w)[i].joined == 0:",
        "if points.birthday == 0:",
        BOOKS,
    ),
    "a ninth return is forgotten": Bug(
        "    bring_back(w, i, first, now)\n",
        "",
        BOOKS,
    ),
    "a debt outlives her": Bug(
        "    world.debts(w)[i] = 0\n",
        "",
        "rules/test_points_machine.py::test_who_leaves_the_market_owes_nothing",
    ),
    "a lot lapses a month early": Bug(
        "        for age in range(points.validity, len(lots)):\n",
        "        for age in range(points.validity - 1, len(lots)):\n",
        BOOKS,
    ),
    "points without a purchase are used before older ones": Bug(
        "        lots[place] -= taken\n        uses[age, U.REDEEMED] += taken\n        left -= taken\n",
        "        left -= 0\n",
        "rules/test_points_book.py::test_given_points_of_a_month_are_used_after_its_earned_ones",
    ),
}
