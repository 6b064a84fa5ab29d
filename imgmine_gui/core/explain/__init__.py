"""Where a network looked: one file an explainer, and the scores that say how far a heatmap is to be believed."""
