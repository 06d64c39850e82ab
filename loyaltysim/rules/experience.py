"""Experience, satisfaction, expectation (MODEL 3.2, 3.3)."""

import math

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.draws import QUALITY, uniform
from loyaltysim.rules.variates import normal


@rule
def clipped(x):
    """A score kept within 0 to 100."""
    return min(max(x, 0.0), 100.0)


@rule
def wait_penalty(terms, wait):
    """Points of `time` that a wait costs: b_w (W / W_tol)^1.5 (E34; MODEL 3.9)."""
    ratio = wait / terms.wait_tolerance
    return terms.wait_penalty * ratio * math.sqrt(ratio)


@rule
def attribute_delivered(terms, k, level, spread, fit, z, lost, shift):
    """X_k of one visit, 0 to 100: level, the visit's luck, her fit, and what is lost of `time`."""
    x = level + spread * z + fit
    if k == terms.time_attribute:
        x -= lost
    if k == terms.service_attribute:
        x += shift
    return clipped(x)


@rule
def delivered(terms, segment, weights, levels, spreads, price_level, fit, z, lost, shift):
    """CSI of one visit: the weighted sum of what each attribute delivered (E1, E2), less the price.

    `z` is the one draw that makes the visit good or bad as a whole. 1 % above the reference price
    costs `price_weight` points, outside the clip. `lost` points of `time` went with waiting and effort; who
    serves sets `service`, `shift` points from its level.
    """
    csi = 0.0
    for k in range(len(weights)):
        csi += weights[k] * attribute_delivered(terms, k, levels[k], spreads[k], fit, z, lost, shift)
    return csi - segment.price_weight * 100.0 * price_level


@rule
def visit_mood(key, occasion):
    """Standard normal draw of how good the visit is, the same wherever she goes."""
    return normal(uniform(key, QUALITY, 0, occasion))


@rule
def encounter_satisfaction(terms, csi, expectation):
    """Satisfaction with this visit: s = Q + beta+ d+ - beta- d-, small gaps ignored (E3; Oliver 1980)."""
    gap = csi - expectation
    if abs(gap) <= terms.zone:
        return clipped(csi)
    if gap > 0.0:
        return clipped(csi + terms.beta_up * gap)
    return clipped(csi + terms.beta_down * gap)


@rule
def next_expectation(terms, csi, expectation):
    """E + kappa+ (Q - E)+ - kappa- (Q - E)- (E5; Boulding et al. 1993)."""
    gap = csi - expectation
    return expectation + (terms.kappa_up if gap > 0.0 else terms.kappa_down) * gap


@rule
def weight_of_visit(memory, visits):
    """Omega = max(omega_min, 1 / (n + 1)): the prior counts as one encounter (E4)."""
    return max(memory, 1.0 / (visits + 1.0))


@rule
def fade(terms, clock, customer, ties, providers, now):
    """Between visits satisfaction decays to the provider's reputation, expectation drifts to the norm."""
    elapsed = now - customer.felt_at
    if elapsed <= 0.0:
        return
    if terms.decay > 0.0:
        kept = math.exp(-terms.decay * elapsed)
        for j in range(len(providers)):
            if ties[j].visits > 0.0:
                reputation = providers[j].reputation
                ties[j].satisfaction = reputation + (ties[j].satisfaction - reputation) * kept
    if terms.forgetting > 0.0:
        kept = math.exp(-terms.forgetting * elapsed)
        customer.expectation = clock.norm + (customer.expectation - clock.norm) * kept
    customer.felt_at = now


@rule
def feel(terms, customer, tie, reputation, csi, new):
    """Live one visit: move satisfaction with this provider and expectation; returns s.

    `new` is Y - G, what extras give beyond what she has come to expect of them: d = (Q - E) + (Y - G).
    """
    s = encounter_satisfaction(terms, csi, customer.expectation - new)
    visits = float(tie.visits) + 1.0
    if visits == 1.0:
        tie.satisfaction = reputation
    tie.visits = visits
    tie.satisfaction += weight_of_visit(terms.memory, visits) * (s - tie.satisfaction)
    customer.expectation = next_expectation(terms, csi, customer.expectation)
    return s


@rule
def satisfaction_class(cuts, satisfaction):
    """Number of the class (0: lowest) that a satisfaction falls into."""
    place = 0
    for k in range(len(cuts)):
        if satisfaction >= cuts[k]:
            place = k + 1
    return place
