"""ImgMine: a desktop program for image data mining."""

__version__ = "0.1.0"
