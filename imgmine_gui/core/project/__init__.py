"""The catalogue of a project: its sources, images, labels and splits, and what is wrong with them."""
