"""The program behind the window: session, jobs, settings, messages. QtCore only."""
