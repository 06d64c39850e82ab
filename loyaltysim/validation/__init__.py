"""Known answers and published facts: the checks that tests, the page of validation and `validate` share."""
