"""One image file, safely: decoding, geometry, thumbnails, and how heatmaps are drawn over it."""
