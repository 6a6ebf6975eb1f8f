"""Speed, measured against the limits the product promises. ``make bench`` prints the table; the test suite times nothing."""
