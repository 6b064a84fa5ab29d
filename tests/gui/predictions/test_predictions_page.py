"""The page with a real model: what is dropped, predicted, explained, measured and exported."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN
from imgmine_gui.gui.pages.predictions_page import PredictionsPage
from imgmine_gui.gui.widgets.predictions.heatmap_panel import HeatmapPanel, Target
from tests.gui.predictions.trained import write_rotated
from tests.timing import LENIENCY

LATE = 60_000
SOON = 0.15


@pytest.fixture
def page(qtbot: QtBot, warm_session: Session) -> PredictionsPage:
    page = PredictionsPage(warm_session)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    warm_session.settings.method = ""
    return page


@pytest.fixture
def mixed(tmp_path: Path, images: Path) -> Path:
    """Two classes, an image that EXIF turns, and one that is cut short."""
    folder = tmp_path / "mixed"
    shutil.copytree(images, folder)
    write_rotated(folder / "light" / "turned.jpg")
    (folder / "dark" / "short.png").write_bytes((folder / "dark" / "000.png").read_bytes()[:600])
    return folder


def drop(page: PredictionsPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(event)


def browsing(qtbot: QtBot, page: PredictionsPage, run: Path, what: Path) -> None:
    drop(page, run)
    drop(page, what)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.browser, timeout=LATE)


def wait_for_heatmap(qtbot: QtBot, page: PredictionsPage, method: str = "") -> None:
    def there() -> bool:
        heatmap = page.browser.pane.heatmap
        return heatmap is not None and heatmap.path == page.browser._path() and method in ("", heatmap.method)

    qtbot.waitUntil(there, timeout=LATE)


def test_without_a_model_the_page_leads_to_training(qtbot: QtBot, page: PredictionsPage) -> None:
    page.shown()
    assert page.stack.currentWidget() is page.no_model
    with qtbot.waitSignals([page.go_to_train, page.go_to]):
        qtbot.mouseClick(page.no_model.button, Qt.MouseButton.LeftButton)
    assert not page.source_bar.export_button.isEnabled()


def test_a_model_without_images_asks_for_some(page: PredictionsPage, run: Path) -> None:
    page.show_model(find_model(run))
    assert page.stack.currentWidget() is page.no_images


def test_a_file_that_is_no_model_is_told_and_nothing_changes(
    qtbot: QtBot, page: PredictionsPage, warm_session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "bad.imgmodel"
    path.write_bytes(b"nothing")
    with qtbot.waitSignal(warm_session.notifier.message):
        page.receive([path])
    assert page.stack.currentWidget() is page.no_model


def test_a_folder_dropped_is_predicted_with_its_true_classes(
    qtbot: QtBot, page: PredictionsPage, run: Path, mixed: Path
) -> None:
    browsing(qtbot, page, run, mixed)
    rows = page.browser.rows
    assert rows is not None
    assert len(rows) == 26
    assert (rows.true == UNKNOWN).sum() == 0
    short = rows.names.index("dark/short.png")
    assert rows.predicted[short] == UNKNOWN
    assert "short.png" in rows.table.reasons[rows.table.paths[short]]
    assert page.browser.scores.report is not None
    assert page.browser.scores.report.images == 25
    assert page.status.startswith("26 images")


def test_what_is_no_image_is_named_and_changes_nothing(
    qtbot: QtBot, page: PredictionsPage, warm_session: Session, run: Path, images: Path, tmp_path: Path
) -> None:
    browsing(qtbot, page, run, images)
    rows, chosen = page.browser.rows, page.source_bar.images
    notes = tmp_path / "notes.txt"
    notes.write_text("words")
    told: list[Message] = []
    warm_session.notifier.message.connect(told.append)
    drop(page, notes)
    qtbot.waitUntil(lambda: bool(told))
    assert "notes.txt” is neither a project, an image" in told[0].text
    assert "an image such as a JPEG or PNG file" in told[0].remedy
    assert page.source_bar.images == chosen
    assert page.browser.rows is rows
    assert page.stack.currentWidget() is page.browser
    drop(page, notes, images / "dark" / "003.png")
    qtbot.waitUntil(lambda: page.browser.rows is not rows, timeout=LATE)
    assert page.browser.rows is not None
    assert page.browser.rows.names == ("003.png",)
    assert told[1].text == "Left out: notes.txt."
    assert told[1].remedy == "Drop images such as JPEG or PNG files, folders of images, or a model."


def test_a_single_image_turned_by_exif_has_its_heatmap(
    qtbot: QtBot, page: PredictionsPage, run: Path, mixed: Path
) -> None:
    browsing(qtbot, page, run, mixed / "light" / "turned.jpg")
    assert page.browser.model.rowCount() == 1
    wait_for_heatmap(qtbot, page)
    heatmap = page.browser.pane.heatmap
    assert heatmap is not None
    assert heatmap.geometry.source_size == (30, 60)
    assert page.browser.pane.view.has_layer() != heatmap.flat


def test_stepping_quickly_ends_at_the_last_image_and_warm_heatmaps_come_soon(
    qtbot: QtBot, page: PredictionsPage, run: Path, images: Path
) -> None:
    browsing(qtbot, page, run, images)
    wait_for_heatmap(qtbot, page)
    for _ in range(12):
        qtbot.keyClick(page.browser.pane.view, Qt.Key.Key_D)
    wait_for_heatmap(qtbot, page)
    assert page.browser.grid.current_row == 12
    for method in ("attention", "grad_cam"):
        page.browser.heatmap_panel.set_method(method)
        wait_for_heatmap(qtbot, page, method)
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            page.browser.step(1)
            wait_for_heatmap(qtbot, page, method)
            times.append(time.perf_counter() - begin)
        assert min(times) < SOON * LENIENCY, f"{method}: {[round(1000 * one) for one in times]} ms"


def test_what_was_made_is_not_made_again(qtbot: QtBot, page: PredictionsPage, run: Path, images: Path) -> None:
    browsing(qtbot, page, run, images)
    wait_for_heatmap(qtbot, page)
    first = page.browser.pane.heatmap
    page.browser.step(1)
    wait_for_heatmap(qtbot, page)
    page.browser.step(-1)
    wait_for_heatmap(qtbot, page)
    assert page.browser.pane.heatmap is first


def test_method_and_class_can_be_chosen(qtbot: QtBot, page: PredictionsPage, run: Path, images: Path) -> None:
    browsing(qtbot, page, run, images)
    wait_for_heatmap(qtbot, page, "attention")
    panel, pane = page.browser.heatmap_panel, page.browser.pane
    names = [panel.method_box.itemData(row) for row in range(panel.method_box.count())]
    assert names[0] == "attention"
    assert "columns" not in names  # it needs a sequence
    assert not panel.target_box.isEnabled()
    assert "ICML 2018" in panel.method_box.toolTip()
    panel.set_method("layer_cam")
    assert panel.target_box.isEnabled()
    for chosen, target in ((0, 0), (1, 1), (Target.TRUE, 0)):
        panel.target_box.setCurrentIndex(panel.target_box.findData(chosen))
        qtbot.waitUntil(lambda target=target: pane.heatmap is not None and pane.heatmap.target == target)  # type: ignore[misc]


def test_the_options_of_a_method_make_another_heatmap_and_are_kept(
    qtbot: QtBot, page: PredictionsPage, warm_session: Session, run: Path, images: Path
) -> None:
    browsing(qtbot, page, run, images)
    panel, pane = page.browser.heatmap_panel, page.browser.pane
    panel.set_method("grad_cam")
    assert not panel.method_options.isVisible()
    panel.set_method("rise")
    assert panel.method_options.isVisible()
    wait_for_heatmap(qtbot, page, "rise")
    before = pane.heatmap
    form = panel.method_options.form
    assert before is not None
    assert form is not None
    form.set_values({"masks": 50})
    qtbot.waitUntil(lambda: pane.heatmap is not None and pane.heatmap is not before, timeout=LATE)
    assert panel.options == {"masks": 50}
    assert pane.heatmap is not None
    assert not np.array_equal(pane.heatmap.values, before.values)
    later = HeatmapPanel(warm_session.settings)
    qtbot.addWidget(later)
    later.method_options.set_method("rise")
    assert later.options == {"masks": 50}
    form.reset()
    qtbot.waitUntil(lambda: panel.options == {})


def test_heatmaps_are_exported_as_files(
    qtbot: QtBot, page: PredictionsPage, run: Path, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browsing(qtbot, page, run, mixed)
    page.browser.filter_bar.search.setText("turned")
    qtbot.waitUntil(lambda: page.browser.model.rowCount() == 1)
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(page._session.job_started) as started:
        page.export_menu.export_heatmaps("npy", all_shown=True)
    qtbot.waitUntil(lambda: started.args[0].is_over, timeout=LATE)
    values = np.load(folder / "light" / "turned.jpg.npy")
    assert (values.dtype, values.shape) == (np.float32, (60, 30))
    assert 0 <= values.min() <= values.max() <= 1
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["turned.jpg.npy"]
    assert sorted(path.name for path in (mixed / "light").iterdir()) == sorted(
        [*(f"{number:03d}.png" for number in range(12)), "turned.jpg"]
    )


def test_faithfulness_is_measured_on_demand(qtbot: QtBot, page: PredictionsPage, run: Path, images: Path) -> None:
    browsing(qtbot, page, run, images / "dark")
    page.switch.show_scores(True)
    page.browser.show_scores(True)
    page.browser._measure()
    qtbot.waitUntil(lambda: "Deletion" in page.browser.scores.faithful.text(), timeout=LATE)
    assert "12 images" in page.browser.scores.faithful.text()
