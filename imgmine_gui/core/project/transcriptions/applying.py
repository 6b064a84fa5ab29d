"""Bring the texts of a source's images in line with what a scan found in its tables and text files."""

import sqlite3


def write_texts(db: sqlite3.Connection, source_id: int) -> bool:
    """Write what files say of the texts of a source's images; what was set by hand stays in use.

    Args:
        db: in a transaction, with the ``Spool`` of the scan attached as ``spool``, and the functions of
            ``make_search_functions``. The images of the source stand where they were found.
        source_id: of the source.

    Returns:
        Whether anything has changed.
    """
    db.execute(
        """
        UPDATE sources SET text_problems = coalesce((SELECT value FROM spool.notes WHERE name = 'text_problems'), '[]')
        WHERE id = ?
        """,
        [source_id],
    )
    db.execute(
        """
        CREATE TABLE spool.new_texts AS
        SELECT images.id AS image_id, coalesce(texts.text, '') AS text, coalesce(texts.problem, '') AS problem,
            texts.split AS split
        FROM images LEFT JOIN spool.texts AS texts ON texts.path = images.path AND texts.page = images.page
        WHERE displaced = 0 AND state = 0 AND images.id IN (
            SELECT id FROM images INDEXED BY images_told_of WHERE source_id = ?1
                AND (text_given <> '' OR text_problem <> '' OR split_told IS NOT NULL)
            UNION SELECT images.id FROM spool.texts JOIN images
                ON source_id = ?1 AND images.path = texts.path AND images.page = texts.page AND displaced = 0
        ) AND (
            text_given <> coalesce(texts.text, '') OR text_problem <> coalesce(texts.problem, '')
            OR split_told IS NOT texts.split
        )
        """,
        [source_id],
    )
    (changed,) = db.execute("SELECT count(*) FROM spool.new_texts").fetchone()
    if changed:
        db.execute(
            """
            UPDATE images SET text_given = new.text, text_problem = new.problem, split_told = new.split,
                text = CASE WHEN text_set THEN images.text ELSE new.text END,
                search = CASE WHEN text_set OR images.text = new.text THEN search
                    ELSE search_text(path, page) || search_of_text(new.text) END
            FROM spool.new_texts AS new WHERE new.image_id = images.id
            """
        )
    return bool(changed)
