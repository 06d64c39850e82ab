"""From a log of transactions, or from stated targets, to the parameters of a scenario."""
