"""What is done with replications: run them, keep them, answer the question."""
