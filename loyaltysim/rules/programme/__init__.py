"""The instruments of a programme."""
