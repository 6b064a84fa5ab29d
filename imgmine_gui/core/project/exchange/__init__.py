"""Labels and shapes in and out: files of other programs, read into a project and written from it.

A reader turns a file or a folder into a plain description; a matcher finds the images that are meant; a plan says what
would change, before anything is written; to apply it is one edit. A writer gets the description of a project's images.
"""
