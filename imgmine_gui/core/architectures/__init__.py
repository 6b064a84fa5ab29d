"""Network families: one file each, every one of them registered in ``base.ARCHITECTURES``."""
