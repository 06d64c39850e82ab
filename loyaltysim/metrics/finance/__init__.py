"""The accounting view: IFRS 15 / ASC 606 from whole numbers. Illustrative, not accounting advice."""
