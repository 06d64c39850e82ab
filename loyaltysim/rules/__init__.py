"""The model in plain numbers, compiled once."""
