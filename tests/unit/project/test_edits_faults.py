"""Kill -9 while labels are written: nothing that was acknowledged is lost, and the catalogue is sound."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.schema import check_catalogue
from tests.unit.project.records import animals, result

REPOSITORY = Path(__file__).resolve().parents[3]
KILLS = 100
IMAGES = 40

# Every line is an edit that is on the drive: the image, and its rating, which counts the edits of this image.
WRITER = """
import sys
from pathlib import Path
from imgmine_gui.core.project.catalogue import Catalogue
catalogue = Catalogue(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for image in range(1, int(sys.argv[2]) + 1):
        with catalogue._database.reading() as db:
            note = int("0" + db.execute("SELECT note FROM images WHERE id = ?", [image]).fetchone()[0]) + 1
        catalogue.edits.set_note([image], str(note))
        catalogue.edits.label([image], note % 2 + 1)
        if note % 3 == 0:
            catalogue.edits.undo()
            catalogue.edits.redo()
        print(image, note, flush=True)
"""


def state(catalogue: Catalogue) -> dict[int, tuple[int, int]]:
    """The note, a number, and the class of every image."""
    with catalogue._database.reading() as db:
        rows = db.execute("SELECT id, CAST('0' || note AS INTEGER), class_id FROM images").fetchall()
    return {image: (note, class_id) for image, note, class_id in rows}


def test_what_was_acknowledged_survives_100_kills(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    project = Project.create(tmp_path, "Plants")
    source = project.catalogue.add_source(str(tmp_path / "photos")).id
    project.catalogue.apply_scan(source, result(*animals(IMAGES // 2)))
    project.close()
    path = project.folder / "project.db"
    chance = random.Random(1)
    saved = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(IMAGES)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            acknowledged: dict[int, int] = {}
            for _ in range(chance.randint(0, 5)):
                image, note = map(int, child.stdout.readline().split())
                acknowledged[image] = note
            _spin(chance.random() * 0.004)  # anywhere inside an edit
            child.send_signal(signal.SIGKILL)
            for line in child.stdout:
                if line.endswith("\n"):
                    image, note = map(int, line.split())
                    acknowledged[image] = note
        saved += len(acknowledged)
        check_catalogue(path)
        catalogue = Catalogue(path)
        for image, note in acknowledged.items():
            found, class_id = state(catalogue)[image]
            assert found >= note
            assert found > note or class_id == note % 2 + 1
        _check_history(catalogue)
        catalogue.close()
    assert saved > KILLS


def _check_history(catalogue: Catalogue) -> None:
    """The newest edits can be undone and made again."""
    before = state(catalogue)
    undone = 0
    while undone < 3 and catalogue.edits.undo().edit is not None:
        undone += 1
    for _ in range(undone):
        assert catalogue.edits.redo().edit is not None
    assert state(catalogue) == before


def _spin(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
