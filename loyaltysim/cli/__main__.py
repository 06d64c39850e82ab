"""`python -m loyaltysim.cli`."""

from loyaltysim.cli import main

main()
