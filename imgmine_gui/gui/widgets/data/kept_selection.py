"""What of a selection is kept when other images are shown."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from imgmine_gui.gui.item_models.catalogue_images import CatalogueImages

MOST_KEPT = 1000
"""A selection of more images than this is not sought again in another list."""
_FLAGS = QItemSelectionModel.SelectionFlag


def select_again(
    images: CatalogueImages, model: QItemSelectionModel, ids: Sequence[int], current: int | None, row: int
) -> int:
    """Select those of ``ids`` that are still shown, and go on from where the person was.

    Args:
        images: as they are shown now.
        current: the id of the image that was the current one; ``None`` where there was none.
        row: becomes the current one where that image is not shown any more.

    Returns:
        The current row; -1 for none.
    """
    last = images.columnCount() - 1
    selection = QItemSelection()
    for place in images.places_of(ids) if len(ids) <= MOST_KEPT else []:
        selection.select(images.index(place, 0), images.index(place, last))
    at = -1 if current is None else images.place_of(current)
    if at < 0 and current is not None and images.ids:
        at = min(row, len(images.ids) - 1)
    if at >= 0:
        model.setCurrentIndex(images.index(at, 0), _FLAGS.NoUpdate)
    model.select(selection, _FLAGS.ClearAndSelect)
    return at
