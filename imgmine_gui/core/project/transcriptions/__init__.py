"""Transcriptions: the texts of images of lines, where they are found, and what is wrong with them."""
