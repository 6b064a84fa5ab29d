"""Configuration, trainer and checkpoints."""
