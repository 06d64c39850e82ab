"""All luck: a draw is a pure function of (seed, replication, customer, stream, about, index).

The generator is Squares64 (Widynski 2020, "Squares: A Fast Counter-Based RNG", arXiv:2004.06278): the
customer's key is a hash of (seed, replication, customer) turned into a key that the paper admits
(hexadecimal digits not zero, those of each half all different, the last one odd); the counter
holds the stream (8 bits), what the draw is about - a provider, a campaign - (24 bits) and the index
(32 bits). Adding a customer, a rival or a stream therefore changes nobody else's luck.
"""

import numpy as np

from loyaltysim.rules.compiled import rule
from loyaltysim.rules.loading import MARKET

# The streams, one a decision; append only: a number that has been used keeps its meaning.
SEGMENT = 0
RATE = 1
BASKET_MEAN = 2
THRESHOLD = 3
FIT = 4  # about the provider
LIFETIME = 5
EXIT = 6
STAYS = 7  # her own chance of staying (theory beta)
HOME = 8  # about the provider, index: homes chosen so far
RESISTANCE = 9  # index: homes left so far
PHASE = 10  # where in a gap she is when the clock starts
GAP = 11  # index: occasion
QUALITY = 12  # index: occasion
BASKET = 13  # index: occasion
PATIENCE = 14  # index: occasion
SERVICE = 15  # index: occasion
OFFER = 16  # about the campaign
REDEEM = 17  # index: redemptions so far
DISPLACES = 18  # index: redemptions so far
RETURNS = 19  # index: homes left so far
CATCHMENT = 20
SELF_SERVICE = 48  # index: occasion
SELF_SERVICE_FAILS = 49  # index: occasion
AWAY = 28  # index: occasion
AWAY_TO = 29  # about the provider, index: occasion
REACHED = 30  # about the campaign, index: homes left so far, 0 for those to win
ACCEPTS = 31  # as before
REACTS = 32  # the market's, about the rival, index: its reaction
FAILURE = 21  # index: occasion
VOICE = 22  # index: occasion
RECOVERY = 23  # index: occasion
ENROLS = 36  # once: her resistance to joining the programme
IDENTIFIED = 37  # index: occasion
ASKED = 33  # in the survey
RESPONDS = 34
ANSWERS = 35
CLAIM = 24  # about the campaign
BIRTHDAY = 42
KEPT = 43
BROUGHT_BACK = 70  # index: occasion
DAY_BACK = 71  # index: occasion
ROLLOUT = 60
OPENS = 61  # whether she holds points on the first day
OPENING = 62  # how many
RECORDED = 63  # in the firm's records
MISVALUED = 64
MISREAD = 65
MISFILED = 66  # index 1: as which
SURPRISE = 67  # index: occasion
HEARS = 52  # index: referrals heard so far: how much it takes until she hears the next
TOLD_BY = 53  # as before: which provider's customer tells her
TAKES = 54  # as before: whether she does as she is told
NEEDS = 80  # the market's, about the segment and the attribute, index: month
QUALIFIED = 82  # how much she bought in the window before tiers opened
TASTE = 81  # about the provider, index: month
PREPAYS = 85  # once: her resistance to storing value
REFUND = 86  # about 1: on leaving the market; index: homes left so far: whether she asks for her money
HOLDS = 87  # whether she has value stored on the first day
HELD = 88  # how much
WILLING = 89  # once: what else speaks for a paid club, besides what it saves
THINKS = 90  # once: how long it takes until she thinks about it
RENEWING = 91  # once: her own chance of not renewing
RENEWS = 92  # index: terms paid for: whether she renews
CONSENTS = 93  # once: whether she consents to be contacted
CONTACTED = 94  # index: month: what a month's rate leaves over of a contact
UNSUBSCRIBES = 95  # once: her resistance to contacts beyond what she tolerates
COMMUNITY = 96  # about 0: interest, once; 1: joining, 2: leaving, index: times joined
IN_CLUB = 101  # whether she is a member of the paid club on the first day
TERM_BEGAN = 102  # how much of her term is over then
FEE_BACK = 103  # about 1: on leaving the market; index: homes left so far: whether she asks for her fee
TOLERATES = 97  # once: how many contacts

_ONE = np.uint64(1)
_FOUR = np.uint64(4)
_TWELVE = np.uint64(12)
_FIFTEEN = np.uint64(15)
_HALF = np.uint64(32)
_STREAM = np.uint64(56)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_SHIFT_A = np.uint64(30)
_SHIFT_B = np.uint64(27)
_SHIFT_C = np.uint64(31)
_DIGITS = np.uint64(0x0FEDCBA987654321)


@rule
def squares64(counter, key):
    """64 random bits for a counter under a key (Widynski 2020, five rounds)."""
    x = counter * key
    y = x
    z = y + key
    x = x * x + y
    x = (x >> _HALF) | (x << _HALF)
    x = x * x + z
    x = (x >> _HALF) | (x << _HALF)
    x = x * x + y
    x = (x >> _HALF) | (x << _HALF)
    x = x * x + z
    t = x
    x = (x >> _HALF) | (x << _HALF)
    return t ^ ((x * x + y) >> _HALF)


@rule
def mixed(x):
    """A 64-bit number scrambled (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    x = (x ^ (x >> _SHIFT_A)) * _MIX_A
    x = (x ^ (x >> _SHIFT_B)) * _MIX_B
    return x ^ (x >> _SHIFT_C)


@rule
def sampled(customer, below):
    """Does her hash (SplitMix64's output of her number) put her into a sample? In every run the same."""
    return mixed((np.uint64(customer) + _ONE) * _GOLDEN) < below


@rule
def eight_digits(random, first_odd):
    """Eight different hexadecimal digits, none zero, chosen by 64 random bits; the lowest one odd."""
    pool = _DIGITS
    left = 15
    digits = np.uint64(0)
    for place in range(8):
        if place == 0 and first_odd:
            pick = 2 * np.int64(random % np.uint64(8))  # 1, 3, 5 … F stand at even places of the pool
        else:
            pick = np.int64(random % np.uint64(left))
        random = mixed(random + _GOLDEN)
        shift = np.uint64(4 * pick)
        digit = (pool >> shift) & _FIFTEEN
        below = pool & ((_ONE << shift) - _ONE)
        above = (pool >> shift) >> _FOUR
        pool = below | (above << shift)
        left -= 1
        digits = digits | (digit << np.uint64(4 * place))
    return digits


@rule
def admissible_key(random):
    """A key that Squares admits, from 64 random bits."""
    low = eight_digits(random, True)
    high = eight_digits(mixed(random ^ _GOLDEN), False)
    return (high << _HALF) | low


@MARKET.entry("key key key", "key")
def key_of(seed, replication, customer):
    """Key of all luck of one customer in one replication."""
    random = mixed(np.uint64(seed) + _GOLDEN)
    random = mixed(random ^ (np.uint64(replication) + _ONE) * _MIX_A)
    random = mixed(random ^ (np.uint64(customer) + _ONE) * _MIX_B)
    return admissible_key(random)


@MARKET.entry("key key keys")
def write_keys(seed, replication, keys):
    """The keys of so many customers, from the first on, into `keys`."""
    for i in range(len(keys)):
        keys[i] = key_of(seed, replication, i)


def keys_of(seed, replication, customers):
    """Keys of the first so many customers, uint64."""
    keys = np.empty(customers, np.uint64)
    write_keys(seed, replication, keys)
    return keys


@MARKET.entry("key whole whole whole", "real")
def uniform(key, stream, about, index):
    """The draw of a customer: a number strictly between 0 and 1, the same whenever it is asked for."""
    counter = (np.uint64(stream) << _STREAM) | (np.uint64(about) << _HALF) | np.uint64(index)
    return float(squares64(counter, key) >> _TWELVE) * 2.220446049250313e-16 + 1.1102230246251565e-16
