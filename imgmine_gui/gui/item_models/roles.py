"""What a model of images tells the thumbnail grid of each row, beside Qt's own roles.

A model gives ``AccessibleTextRole`` too, so that a screen reader says more than a picture.
"""

from typing import Final, Literal

from PySide6.QtCore import Qt

PathRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""``str``: the image file."""
KeyRole: Final = int(Qt.ItemDataRole.UserRole) + 2
"""``str``: the content key of the file, by which its thumbnail is kept; empty where it is not known."""
CaptionRole: Final = int(Qt.ItemDataRole.UserRole) + 3
"""``str``: the quiet line below the picture."""
BadgeRole: Final = int(Qt.ItemDataRole.UserRole) + 4
"""``Badge | None``: the line that counts, in the colour of its kind."""
ProblemRole: Final = int(Qt.ItemDataRole.UserRole) + 5
"""``str``: why the image could not be read, translated; empty where it could."""
ClassColourRole: Final = int(Qt.ItemDataRole.UserRole) + 6
"""``int | None``: the number of the colour of the row's class; ``None`` where no square of it is shown."""
MarksRole: Final = int(Qt.ItemDataRole.UserRole) + 7
"""``ImageRow | None``: what is noted of the image: its flag, rating, and whether it is excluded."""
PredictionRole: Final = int(Qt.ItemDataRole.UserRole) + 8
"""``PredictedBadge | None``: what is predicted of the image, beside its badge or in its place."""

BadgeKind = Literal["good", "bad", "neutral"]
Badge = tuple[str, BadgeKind]
PredictedBadge = tuple[str, str, BadgeKind, int | None]
"""A class, "" where it is the label; how sure that is, in words; "neutral" without a label; the class's colour."""
