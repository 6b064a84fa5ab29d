"""The command line's commands, one file each, and how they speak."""
