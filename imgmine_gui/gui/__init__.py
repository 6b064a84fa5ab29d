"""The window: pages, widgets and dialogs over the session of `imgmine_gui.app`."""
