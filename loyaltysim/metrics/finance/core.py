"""The arithmetic of rights that customers hold, in whole minor units (IFRS 15, ASC 606).

A *cohort* is what was issued in one month, of one instrument, to one segment. Rights are points, or minor
units of stored value. Shares are whole parts of a million (`PARTS`), so that everything stays a whole number.
Illustrative, not accounting advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PARTS = 1_000_000  # one, as a share
PROPORTIONAL, REMOTE, ESCHEAT = "proportional", "remote", "escheat"


def portion(amount: int, part: int, whole: int) -> int:
    """Amount × part / whole to the nearest whole number, halves away from 0; 0 of nothing."""
    if whole == 0:
        return 0
    up = 2 * abs(amount * part) + abs(whole)
    size = up // (2 * abs(whole))
    return size if (amount * part < 0) == (whole < 0) else -size


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """A total over weights so that the shares sum to it: largest remainder, the first of equals."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda k: (-(total * weights[k] % whole), k))
    for k in rests[: total - sum(shares)]:
        shares[k] += 1
    return shares


def allocated(paid: int, goods: int, rights: int) -> int:
    """What of a price belongs to the rights that come with goods (IFRS 15.76): relative stand-alone prices.

    `rights` is their stand-alone price, in which the likelihood of their use is counted already, once (B42).
    """
    return portion(paid, rights, goods + rights)


def stand_alone(face: int, likelihood: int) -> int:
    """Stand-alone price of rights: what they save her × the likelihood of their use (IFRS 15.B42)."""
    return portion(face, likelihood, PARTS)


def voucher_price(average: int, discount: int, anyway: int, likelihood: int) -> int:
    """Stand-alone price of a voucher: only what it gives beyond the discount that anybody gets (IE49)."""
    return portion(average, (discount - anyway) * likelihood, PARTS * PARTS)


def straight_line(fee: int, elapsed: int, term: int) -> int:
    """Revenue to date of a fee for a term, by the days that have gone by (paid membership)."""
    return portion(fee, min(max(elapsed, 0), term), term)


@dataclass(slots=True)
class Cohort:
    """What was issued in one month, of one instrument, to one segment."""

    issued: int = 0  # rights, less those taken back
    used: int = 0
    lapsed: int = 0  # expired or forfeited
    allocation: int = 0  # what was paid for them, less what returns have withdrawn; never allocated again
    recognised: int = 0  # revenue of it to date
    remitted: int = 0  # of what lapsed: goes to the state
    expected: int = 0  # rights expected to be used in the end × PARTS
    method: str = PROPORTIONAL

    @property
    def open(self) -> int:
        """Rights that may still be used."""
        return self.issued - self.used - self.lapsed

    @property
    def liability(self) -> int:
        """Contract liability: what was paid for rights and is not yet revenue."""
        return self.allocation - self.recognised - self.remitted

    def issue(self, rights: int, allocation: int, likelihood: int) -> None:
        """More rights of the same month; what is revenue already is not touched."""
        self.issued += rights
        self.allocation += allocation
        self.expected += rights * likelihood

    def use(self, rights: int) -> int:
        """So many are used; the revenue of it."""
        self.used += rights
        return self._rise_to(self._earned())

    def lapse(self, rights: int) -> int:
        """So many lapse; the revenue of it: of the remote method, or of a cohort of which nothing is left."""
        self.lapsed += rights
        if self.method == ESCHEAT:
            self.remitted += portion(self.liability, rights, self.open + rights)
        return self._rise_to(self._earned())

    def revise(self, expected: int) -> int:
        """Another estimate of the uses in the end (× PARTS): the cumulative catch-up (IFRS 15.B46).

        The only thing besides a return that may lower revenue to date.
        """
        self.expected = expected
        change = self._earned() - self.recognised
        self.recognised += change
        return change

    def withdraw(self, rights: int) -> int:
        """Open rights are taken back with their sale; what leaves the liability. Revenue stays as it is."""
        amount = portion(self.liability, rights, self.open)
        ahead = self.within_reach() - self.used * PARTS
        self.expected = self.used * PARTS + portion(ahead, self.open - rights, self.open)
        self.issued -= rights
        self.allocation -= amount
        return amount

    def within_reach(self) -> int:
        """The estimate, never below what is used nor above what still can be."""
        return min(max(self.expected, self.used * PARTS), (self.used + self.open) * PARTS)

    def _earned(self) -> int:
        """Revenue that the uses so far entitle to."""
        most = self.issued - self.lapsed
        if most == self.used:
            return self.allocation - self.remitted
        if self.method == PROPORTIONAL:
            uses = self.used * PARTS
            return portion(self.allocation, uses, min(max(self.expected, uses), most * PARTS))
        gone = self.lapsed if self.method == REMOTE else 0
        return portion(self.allocation, self.used + gone, self.issued)

    def _rise_to(self, earned: int) -> int:
        """Revenue to date rises to this, never falls; by how much."""
        rise = max(earned - self.recognised, 0)
        self.recognised += rise
        return rise
