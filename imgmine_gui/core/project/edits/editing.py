"""All that a person may change in a catalogue by hand; each call is one edit, in one transaction, with one undo."""

from imgmine_gui.core.project.edits import sources_by_hand
from imgmine_gui.core.project.edits.class_edits import ClassEdits
from imgmine_gui.core.project.edits.division_edits import DivisionEdits
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.label_edits import LabelEdits
from imgmine_gui.core.project.edits.mark_edits import MarkEdits
from imgmine_gui.core.project.edits.text_edits import TextEdits
from imgmine_gui.core.text import N_


class Edits(LabelEdits, ClassEdits, MarkEdits, DivisionEdits, TextEdits):
    """The edits of a catalogue, and their history.

    Every method that changes something returns what it changed when that is on the drive. Images are given by their
    ids, or as a SELECT of them (``Sql``).

    Every method raises ``UserError`` where the drive is full, fails or cannot be written to (the old state stands),
    where a class or source that it names was removed meanwhile, and what else it says; and ``Cancelled`` once the
    catalogue is closed.
    """

    def remove_source(self, source_id: int) -> Done:
        """Take a source out of the project; the files stay where they are, and undo brings it back with its labels."""
        with self.recording(N_("remove the source “{name}”"), name=self._source_name(source_id)) as (db, edit):
            sources_by_hand.remove_source(db, edit.id, source_id)
        return edit.done

    def _source_name(self, source_id: int) -> str:
        with self._database.reading() as db:
            return sources_by_hand.source_name(db, source_id)
