"""What a person writes in a scenario file, and how it becomes a checked `Scenario`."""
