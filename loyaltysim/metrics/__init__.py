"""What the records say: pure functions from a replication to key figures, and their one catalogue."""
