"""Makes the installers: freezes the program once, and packs the frozen tree for each system."""
