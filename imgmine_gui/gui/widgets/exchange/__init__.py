"""Parts of the dialogs that bring labels in and out."""
