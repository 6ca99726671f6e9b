"""What many cases owe on one day: integers from tables, equal to the explained debt to the minor unit."""
