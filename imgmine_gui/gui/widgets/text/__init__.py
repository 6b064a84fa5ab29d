"""Widgets for texts in images: what was read of them, and what is known of them."""
