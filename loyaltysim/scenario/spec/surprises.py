"""Surprises: extras that nobody promised (MODEL 3.7)."""

from __future__ import annotations

from loyaltysim.scenario.quantities import Money, Share
from loyaltysim.scenario.spec.base import Positive, Spec
from loyaltysim.scenario.spec.targeting import Target


class Surprise(Spec):
    """A small gift now and then at a purchase, an extra in the customer's eyes: it delights as long as she
    does not expect it, and who has come to expect it is disappointed without (E5, E6; Rust & Oliver 2000).
    """

    chance: Share = 0.1
    """Chance that a purchase at the firm brings one, drawn for each; 100 %: no surprise for long."""
    value: Positive
    """What it adds to the experience of that visit, CSI points, before what she expects is taken off; what
    extras mean to her segment counts (`extras`)."""
    cost: Money | None = None
    """What one costs the firm; absent: nothing."""
    target: Target | None = None
    """Whom it is for; absent: everybody, where customers join every member."""
