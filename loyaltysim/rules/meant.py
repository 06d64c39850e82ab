"""Whom something is for: a look at her marks, which the firm's records set at the closes."""

from loyaltysim.rules.compiled import rule


@rule
def meant(customer, target):
    """Is something for this target (1, 2 ...; 0: for everybody) for her?"""
    return target == 0 or (int(customer.marks) >> (target - 1)) & 1 == 1
