"""How fast loyaltysim is, and beside what: `python -m benchmarks`."""
