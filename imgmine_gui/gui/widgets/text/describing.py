"""What is known of images whose texts were read: their names, transcriptions, and places in the catalogue."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice, names_below

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Catalogue


def describing_texts(
    table: TextTable, choice: ImagesChoice, items: Callable[[], Sequence[DataItem]], catalogue: "Catalogue | None"
) -> Callable[[JobContext], TextRows]:
    """The work of a job that adds what is known to ``table``.

    Args:
        items: reads the images of the project that were chosen.
        catalogue: of the project.
    """

    def work(context: JobContext) -> TextRows:
        known = {item.path: item for item in ([] if choice.paths else items())}
        numbers = _ids(catalogue, choice) if catalogue is not None and not choice.paths else {}
        rows = TextRows(
            table,
            names_below(table.paths),
            tuple(known[path].text if path in known else None for path in table.paths),
            tuple(numbers.get(path, 0) for path in table.paths),
        )
        _ = rows.report  # what takes long the first time is worked out here, not in the window
        return rows

    return work


def read_true(catalogue: "Catalogue", ids: Sequence[int]) -> dict[int, str | None]:
    """The transcriptions of images, by their ids."""
    return {row.id: row.text or None for row in catalogue.rows(ids)}


def _ids(catalogue: "Catalogue", choice: ImagesChoice) -> dict[str, int]:
    query = ImageQuery(split=choice.split, problems=False)
    return {row.path: row.id for row in catalogue.rows(catalogue.ids(query))}
