"""What can be learned: one file a task, every one of them registered in ``base.TASKS``."""
