"""Qt item models over the project's images and over predictions."""
