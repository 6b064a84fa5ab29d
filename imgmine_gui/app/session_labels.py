"""The part of the session that is about what a person changes by hand, and what can be undone."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from imgmine_gui.app.job import Job
from imgmine_gui.app.labelling import Labelling
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session_base import SessionBase
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext, is_ending
from imgmine_gui.core.text import N_, tr

if TYPE_CHECKING:
    from imgmine_gui.core.project.edits.group_patterns import GroupPattern
    from imgmine_gui.core.project.splits import SplitSettings


class LabelSession(SessionBase):
    """The edits of the open project, one after the other, in one history."""

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(settings, notifier, parent)
        self.labelling = Labelling(self, self)
        """Makes all edits of the project, in the order in which they are asked for, and takes them back."""
        self.labelling.saved.connect(self._on_saved)

    def remove_source(self, source_id: int) -> None:
        """Take a source out of the project soon; its files stay. Undo brings it back, with its labels.

        Raises:
            UserError: no project is open, or it can only be read.
        """
        self.labelling.apply(lambda edits: edits.remove_source(source_id))

    def set_split_settings(self, settings: "SplitSettings") -> None:
        """Divide the images anew soon.

        Raises:
            UserError: no project is open, or it can only be read.
        """
        self.labelling.apply(lambda edits: edits.set_split_settings(settings))

    def group_by_pattern(self, pattern: "GroupPattern", images: "Collection[int] | None") -> Job:
        """Put the images whose paths a pattern fits into its groups, as one edit. Result: a ``Done``.

        What a person can mend fails the job with a ``UserError``, which is left to whoever shows the job.

        Args:
            pattern: over paths.
            images: ids of the images that are meant; None for all.

        Raises:
            UserError: no project is open, or it can only be read.
        """
        catalogue = self._catalogue()
        catalogue.require_writable()

        def work(context: JobContext) -> object:
            with catalogue.edits.giving_up(lambda: is_ending(context)):
                return catalogue.edits.group_by_pattern(pattern, images, context)

        job = Job("groups", N_("Putting images into groups"))
        job.succeeded.connect(self.edited)
        job.succeeded.connect(lambda _done: self.data_changed.emit())
        job.failed.connect(lambda error: None if isinstance(error, UserError) else self.notifier.report(error))
        self.runner.start(job, work)
        self.job_started.emit(job)
        return job

    def _on_saved(self, done: object) -> None:
        """What is about more than single images is shown at once, and not only after the edits pause."""
        from imgmine_gui.core.project.edits.history import Done

        if not isinstance(done, Done) or done.edit is None:
            return
        for path in done.kept_out:
            self.notifier.warn(
                partial(tr, N_("“{path}” did not come back: its images belong to another source now."), path=path)
            )
        if done.sources or not done.image_ids:
            self.data_changed.emit()
