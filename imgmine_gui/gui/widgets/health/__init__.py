"""The parts of the page of health."""
