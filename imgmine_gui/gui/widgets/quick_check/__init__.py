"""The parts of the page of the quick check."""
