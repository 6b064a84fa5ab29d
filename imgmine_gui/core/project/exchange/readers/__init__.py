"""How the files of other programs are read: one module a format."""
