"""R38: among equal providers the larger lose a smaller part of their customers (Wright & Riebe 2010)."""

import math

import numpy as np
import pytest

from loyaltysim.validation.verdict import YEAR, require, run, share

STAYS = 0.6  # for a year, whatever the standing
MARKET = """
schema: 1
name: double jeopardy
currency: EUR
horizon: 13 months
seed: 2010
replications: 1
market:
  customers: {customers}
  segments:
    all:
      share: 100 %
      home: {{firm: 100 %, {nobody}}}
      occasions: {{mean: 2 / month}}
      basket: {{mean: 10 EUR}}
      weights: {{quality: 100 %}}
firm: {{attributes: {{quality: {{level: 70}}}}}}
rivals:
{rivals}
loyalty: {{theory: constant, rate: 60 %, period: 12 months, rechoose: all}}
"""


@pytest.mark.statistical
def test_r38_defection_falls_with_share(tmp_path):
    """1 - r^(1 - share) of the firm's customers leave in a year: .37, .30 and .18 at 10, 30 and 60 %.

    Equal in all but how many people think of them; the home takes part in the choice.
    """
    rates = []
    for part, aware in ((0.1, [1.0] * 9), (0.3, [1.0, 1.0, 1.0 / 3.0]), (0.6, [0.5, 1.0 / 6.0])):
        assert 1.0 / (1.0 + sum(aware)) == pytest.approx(part)
        names = [f"R{k}" for k in range(len(aware))]
        rivals = "\n".join(
            f"  {name}: {{attributes: {{quality: {{level: 70}}}}, awareness: {a * 100:.10f} %}}"
            for name, a in zip(names, aware, strict=True)
        )
        path = tmp_path / "market.yaml"
        nobody = ", ".join(f"{name}: 0 %" for name in names)
        path.write_text(MARKET.format(customers=6000, nobody=nobody, rivals=rivals))
        (found,) = run(path)
        left = found.programme.customers["first_defection"] <= YEAR
        expected = 1.0 - STAYS ** (1.0 - part)
        require([share(f"left in a year, share {part:.0%}", expected, left, "customers")])
        rates.append(float(np.mean(left)))
    assert rates[0] > rates[1] > rates[2]
    assert math.isclose(expected, 0.1848, abs_tol=1e-4)
