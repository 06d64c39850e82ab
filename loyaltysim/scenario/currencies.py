"""Currencies: how many minor units make one unit (ISO 4217)."""

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0,
                "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}  # fmt: skip


def money_unit(currency: str) -> int:
    """Minor units in a unit of the currency (ISO 4217)."""
    return int(10 ** MINOR_DIGITS.get(currency, 2))
