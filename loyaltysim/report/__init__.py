"""What the results look like: charts and the page."""
