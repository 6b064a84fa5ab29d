"""Write what was planned into the catalogue: one edit, which is undone as a whole."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.edits.changes import Sql, Value, set_column, set_columns
from imgmine_gui.core.project.edits.class_book import free_colours, insert_class, read_book, write_book
from imgmine_gui.core.project.edits.derived import follow_texts
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.edits.labels import keep_emptied_classes, set_several_labels, several_labels
from imgmine_gui.core.project.exchange.current import Decision, decide, with_current
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.exchange.staging import Staging
from imgmine_gui.core.project.layout import class_order
from imgmine_gui.core.text import N_

_TABLES = {
    "imported": """(
        id INTEGER PRIMARY KEY, has_label INTEGER, label TEXT, split TEXT, group_name TEXT, note TEXT,
        text TEXT, has_shapes INTEGER
    )""",
    "imported_names": "(image_id INTEGER, name TEXT, PRIMARY KEY (image_id, name))",
    "imported_further": "(image_id INTEGER, class_id INTEGER, PRIMARY KEY (image_id, class_id))",
    "imported_classes": "(name TEXT PRIMARY KEY, id INTEGER)",
    "imported_shapes": "(image_id INTEGER, class_id INTEGER, kind TEXT, points TEXT, attributes TEXT)",
}
"""Temporary ones, of the connection."""

_SAME = """
    new.image_id = there.image_id AND new.class_id IS there.class_id AND new.kind = there.kind
    AND new.points = there.points AND new.attributes = there.attributes
"""
_OF_IMAGE = "(SELECT {} FROM imported WHERE imported.id = images.id)"


@dataclass(frozen=True)
class ImportReport:
    """What an import changed.

    Attributes:
        done: the edit; its ``edit`` is None where all was as the file says already.
        images: how many were changed.
        labels: how many of them got another label.
        classes: that are new.
        splits: images that were put into a split.
        shapes: that were added.
        shapes_taken: that were there before and are taken away.
        texts: images that got another text.
    """

    done: Done
    images: int = 0
    labels: int = 0
    classes: tuple[str, ...] = ()
    splits: int = 0
    shapes: int = 0
    shapes_taken: int = 0
    texts: int = 0


@dataclass
class _Counts:
    labels: int = 0
    texts: int = 0
    splits: int = 0
    shapes: int = 0
    shapes_taken: int = 0
    classes: list[str] = field(default_factory=list)


def apply_plan(catalogue: Catalogue, plan: ImportPlan, context: JobContext) -> ImportReport:
    """Do what was planned, in one transaction and one edit; images that are gone by now are passed over.

    Args:
        catalogue: of the project that the plan was made for.
        plan: its staging file is there still, and stays there.
        context: of the job.

    Raises:
        UserError: the project is open for reading only, or the drive is full; nothing was changed.
        Cancelled: the person cancelled; likewise.
    """
    title = N_("import labels from “{file}” to an image"), N_("import labels from “{file}” to {count} images")
    counts = _Counts()
    with (
        closing(Staging(plan.staging, new=False)) as staged,
        catalogue.edits.recording(*title, file=plan.file.name) as (db, edit),
    ):
        _Applying(db, edit.id, plan, staged, Told(context), counts).run()
    done = edit.done
    return ImportReport(
        done,
        len(done.image_ids),
        counts.labels,
        tuple(counts.classes),
        counts.splits,
        counts.shapes,
        counts.shapes_taken,
        counts.texts,
    )


class _Applying:
    """The steps, each over all images at once."""

    def __init__(
        self, db: sqlite3.Connection, edit_id: int, plan: ImportPlan, staged: Staging, told: Told, counts: _Counts
    ) -> None:
        self._db = db
        self._edit_id = edit_id
        self._plan = plan
        self._staged = staged
        self._told = told
        self._counts = counts

    def run(self) -> None:
        db, edit_id = self._db, self._edit_id
        self._told.phase(N_("Writing the labels"), self._plan.images)
        if self._plan.options.several and self._plan.several:
            set_several_labels(db, edit_id, several=True)
        several = several_labels(db)
        for table, columns in _TABLES.items():
            db.execute(f"DROP TABLE IF EXISTS temp.{table}")
            db.execute(f"CREATE TEMP TABLE {table} {columns}")
        db.execute("CREATE INDEX temp.imported_shapes_by_image ON imported_shapes (image_id)")
        db.executemany("INSERT INTO imported VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._rows(several))
        class_ids = self._ensure_classes()
        self._set_labels()
        for column, value in (("split_set", "split"), ("group_name", "group_name"), ("note", "note")):
            rows = Sql(f"SELECT id FROM imported WHERE {value} IS NOT NULL")  # noqa: S608 - one of the above
            set_column(db, edit_id, f"images.{column}", rows, Sql(_OF_IMAGE.format(value)))
        texts = Sql("SELECT id FROM imported WHERE text IS NOT NULL")
        set_columns(db, edit_id, "images", texts, {"text_set": 1, "text": Sql(_OF_IMAGE.format("text"))})
        follow_texts(db, edit_id)
        self._set_shapes(class_ids)
        for table in _TABLES:
            db.execute(f"DROP TABLE temp.{table}")

    def _rows(self, several: bool) -> Iterator[tuple[object, ...]]:
        for number, (wish, current) in enumerate(with_current(self._db, self._staged.wanted()), 1):
            self._told.step(number, self._plan.images)
            decision = decide(wish, current, self._plan.options, several)
            self._count(decision, current.split)
            labels = decision.labels
            self._db.executemany(
                "INSERT OR IGNORE INTO imported_names VALUES (?, ?)",
                ((wish.image_id, name) for name in (labels or ())[1:]),
            )
            yield (
                wish.image_id,
                labels is not None,
                labels[0] if labels else None,
                decision.split,
                decision.group,
                decision.note,
                decision.text,
                decision.shapes,
            )

    def _count(self, decision: Decision, split: str | None) -> None:
        self._counts.labels += decision.labels is not None
        self._counts.texts += decision.text is not None
        self._counts.splits += decision.split is not None and decision.split != split

    def _ensure_classes(self) -> dict[str, int]:
        """The ids of the classes that are given; those that are new are made, as part of the edit."""
        given = self._db.execute(
            "SELECT DISTINCT label FROM imported WHERE label IS NOT NULL UNION SELECT name FROM imported_names"
        )
        names = {name for (name,) in given} | set(self._staged.shape_classes())
        rows = self._db.execute("SELECT id, name, colour, position FROM classes WHERE removed = 0").fetchall()
        class_ids = {name: int(number) for number, name, *_ in rows}
        colours = free_colours({colour for *_, colour, _ in rows})
        position = max((position for *_, position in rows), default=-1)
        new = [name for name in class_order(names) if name not in class_ids]
        for place, name in enumerate(new, position + 1):
            class_ids[name] = insert_class(self._db, name, next(colours), place, removed=True)
        set_column(self._db, self._edit_id, "classes.removed", [class_ids[name] for name in new], 0)
        if new:
            book = read_book(self._db).keeping(class_ids[name] for name in new)
            write_book(self._db, self._edit_id, book)
        self._counts.classes = new
        self._db.executemany("INSERT INTO imported_classes VALUES (?, ?)", ((name, class_ids[name]) for name in names))
        return class_ids

    def _set_labels(self) -> None:
        db, edit_id = self._db, self._edit_id
        labelled = Sql("SELECT id FROM imported WHERE has_label")
        class_id = f"(SELECT id FROM imported_classes WHERE name = {_OF_IMAGE.format('label')})"  # noqa: S608 - constants
        first: dict[str, Value] = {"class_set": 1, "class_id": Sql(class_id), "set_key": Sql("key")}
        db.execute(
            "INSERT INTO imported_further SELECT image_id, id FROM imported_names JOIN imported_classes USING (name)"
        )
        set_columns(db, edit_id, "images", labelled, first)
        unwanted = """
            SELECT id FROM more_labels WHERE removed = 0 AND image_id IN (SELECT id FROM imported WHERE has_label)
            AND NOT EXISTS (
                SELECT 1 FROM imported_further AS wanted
                WHERE wanted.image_id = more_labels.image_id AND wanted.class_id = more_labels.class_id
            )
        """
        set_column(db, edit_id, "more_labels.removed", Sql(unwanted), 1)
        db.execute(
            """
            INSERT OR IGNORE INTO more_labels (image_id, class_id, removed)
            SELECT image_id, class_id, 1 FROM imported_further
            """
        )
        wanted = "SELECT more_labels.id FROM more_labels JOIN imported_further USING (image_id, class_id)"
        set_column(db, edit_id, "more_labels.removed", Sql(wanted), 0)
        keep_emptied_classes(db, edit_id)

    def _set_shapes(self, class_ids: Mapping[str, int]) -> None:
        """A shape that an image has to the letter stays as it is."""
        db, edit_id = self._db, self._edit_id
        self._told.phase(N_("Writing the shapes"), sum(self._plan.shapes.values()))
        rows = (
            (image_id, None if label is None else class_ids[label], *shape)
            for image_id, label, *shape in self._staged.shapes()
        )
        db.executemany("INSERT INTO imported_shapes VALUES (?, ?, ?, ?, ?)", self._told.stepping(rows))
        replaced = f"""
            SELECT id FROM shapes AS there
            WHERE removed = 0 AND image_id IN (SELECT id FROM imported WHERE has_shapes)
            AND NOT EXISTS (SELECT 1 FROM imported_shapes AS new WHERE {_SAME})
        """  # noqa: S608 - a constant
        self._counts.shapes_taken = int(db.execute(f"SELECT count(*) FROM ({replaced})").fetchone()[0])  # noqa: S608
        set_column(db, edit_id, "shapes.removed", Sql(replaced), 1)
        last = int(db.execute("SELECT coalesce(max(id), 0) FROM shapes").fetchone()[0])
        db.execute(
            f"""
            INSERT INTO shapes (image_id, class_id, kind, points, attributes, removed)
            SELECT image_id, class_id, kind, points, attributes, 1 FROM imported_shapes AS new
            WHERE image_id IN (SELECT id FROM imported)
            AND NOT EXISTS (SELECT 1 FROM shapes AS there WHERE removed = 0 AND {_SAME})
            GROUP BY image_id, class_id, kind, points, attributes ORDER BY min(new.rowid)
            """  # noqa: S608 - a constant
        )
        added = Sql("SELECT id FROM shapes WHERE id > ?", (last,))
        self._counts.shapes = int(db.execute(f"SELECT count(*) FROM ({added.text})", added.values).fetchone()[0])  # noqa: S608
        set_column(db, edit_id, "shapes.removed", added, 0)
