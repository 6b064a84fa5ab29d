"""Edits of how images are divided: splits by hand, and groups."""

from collections.abc import Collection, Iterable, Mapping

from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.edits import grouping, groups, splits_by_hand
from imgmine_gui.core.project.edits.changes import Rows
from imgmine_gui.core.project.edits.group_patterns import GroupPattern
from imgmine_gui.core.project.edits.grouping import GroupPreview
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.recorder import Recorder
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.text import N_


class DivisionEdits(Recorder):
    """How a person divides images; see ``Edits``."""

    def set_split(self, images: Rows, split: Split | None) -> Done:
        """Put images into a split, or (``None``) where folders and settings put them."""
        titles: Mapping[Split | None, tuple[str, str]] = {
            None: (N_("let an image be divided by itself"), N_("let {count} images be divided by themselves")),
            Split.TRAIN: (N_("use an image for training"), N_("use {count} images for training")),
            Split.VALIDATION: (N_("use an image for validation"), N_("use {count} images for validation")),
            Split.TEST: (N_("use an image for the test"), N_("use {count} images for the test")),
        }
        with self.recording(*titles[split]) as (db, edit):
            splits_by_hand.set_split(db, edit.id, images, split)
        return edit.done

    def set_split_settings(self, settings: SplitSettings) -> Done:
        """Divide the images that no folder and no person divides by other settings."""
        with self.recording(N_("change the split")) as (db, edit):
            splits_by_hand.set_split_settings(db, edit.id, settings)
        return edit.done

    def set_group(self, images: Rows, name: str) -> Done:
        """Put images into a group; "" takes them out of theirs.

        Raises:
            UserError: the name is too long.
        """
        if groups.group_name(name):
            titles = N_("put an image into the group “{name}”"), N_("put {count} images into the group “{name}”")
        else:
            titles = N_("take an image out of its group"), N_("take {count} images out of their groups")
        with self.recording(*titles, name=name) as (db, edit):
            groups.set_group(db, edit.id, images, name)
        return edit.done

    def set_groups(self, found: Iterable[tuple[int, str]]) -> Done:
        """Put each image, by its id, into a group of its own; images that are not named keep theirs.

        Raises:
            UserError: a name is too long.
        """
        with self.recording(N_("put an image into a group"), N_("put {count} images into groups")) as (db, edit):
            groups.set_groups(db, edit.id, found)
        return edit.done

    def preview_groups(self, pattern: GroupPattern, images: Collection[int] | None = None) -> GroupPreview:
        """What ``group_by_pattern`` would do; takes about a second at most.

        Raises:
            UserError: the pattern cannot be understood, or searches for too long.
        """
        with self._database.reading() as db:
            return grouping.preview_groups(db, pattern, images)

    def group_by_pattern(self, pattern: GroupPattern, images: Collection[int] | None, context: JobContext) -> Done:
        """Put the images whose paths a pattern fits into its groups; the others keep theirs.

        Args:
            pattern: over paths.
            images: ids of the images that are meant; ``None`` for all.
            context: of the job.

        Raises:
            UserError: the pattern cannot be understood, or searches for too long.
            Cancelled: the person cancelled.
        """
        with self._database.reading() as db:
            found = grouping.find_groups(db, pattern, images, context)
        return self.set_groups(found)
