"""Files that last: runs, model bundles and their weights."""
