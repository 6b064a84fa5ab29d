"""The part of the session that is about what a person changes by hand, and what can be undone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from imgmine_gui.app.labelling import Labelling
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session_base import SessionBase
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.text import N_, tr

if TYPE_CHECKING:
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

    def _on_saved(self, done: object) -> None:
        """What is about more than single images is shown at once, and not only after the edits pause."""
        from imgmine_gui.core.project.edits.history import Done

        if not isinstance(done, Done) or done.edit is None:
            return
        for path in done.kept_out:
            self.notifier.warn(
                tr(N_("“{path}” did not come back: its images belong to another source now."), path=path)
            )
        if done.sources or not done.image_ids:
            self.data_changed.emit()
