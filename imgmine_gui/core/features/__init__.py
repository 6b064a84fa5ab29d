"""Features of a frozen backbone: computed once an image, kept on the disk, and trained on."""
