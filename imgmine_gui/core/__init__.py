"""The whole program without a window: imports no Qt."""
