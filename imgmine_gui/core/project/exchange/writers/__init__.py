"""How the files of other programs are written: one module a format."""
