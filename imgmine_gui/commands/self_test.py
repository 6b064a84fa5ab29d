"""``imgmine self-test``: whether this installation can do everything, tried for real on a part of a sample."""

import importlib
import pkgutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

import imgmine_gui
from imgmine_gui.commands.console import Output
from imgmine_gui.commands.demo import has_screen
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.preprocessing import load_sample
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.text import LANGUAGES, RESOURCES, tr
from imgmine_gui.core.training.config import configure

SAMPLE = RESOURCES / "samples" / "clutter"
EACH = 4
"""Images a class and split that are trained on; what is learned is not looked at."""


@dataclass(frozen=True)
class Check:
    """One line of the table; ``fault`` is empty where all went well."""

    name: str
    seconds: float
    fault: str


def self_test(output: Output) -> bool:
    """Run every check and tell of each; returns whether all went well."""
    done: list[Check] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, check in _checks(Path(folder)):
            done.append(_run(name, check))
            output.line({"event": "Check", "name": name, "fault": done[-1].fault}, _line(done[-1]))
    faults = [one for one in done if one.fault]
    table = Table(tr("Check"), tr("Time"), tr("Outcome"))
    for one in done:
        table.add_row(one.name, f"{one.seconds:.1f} s", one.fault or tr("good"))
    values = {"checks": len(done), "faults": len(faults), "version": imgmine_gui.__version__}
    output.result(values, table, tr("All is well.") if not faults else tr("Something is wrong: see above."))
    return not faults


def _run(name: str, check: Callable[[], object]) -> Check:
    began = time.perf_counter()
    fault = ""
    try:
        check()
    except Exception as error:  # whatever it is, it is what the person wants to know
        fault = f"{type(error).__name__}: {error}"
    return Check(name, time.perf_counter() - began, fault)


def _line(check: Check) -> str:
    return f"{'✗' if check.fault else '✓'} {check.name} {check.fault}".rstrip()


def _checks(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield tr("Files that come with the program"), _files
    if has_screen():
        yield tr("Window"), _window
    yield tr("TensorFlow"), load_tensorflow
    yield tr("Modules"), _modules
    for name in ARCHITECTURES:
        run = folder / name
        yield tr("Train {name}", name=name), partial(_train, name, run)
        yield tr("Predict with {name}", name=name), partial(_predict, run)
        yield tr("Heatmaps of {name}", name=name), partial(_explain, run)


def _files() -> None:
    wanted = [SAMPLE / "boxes.csv", RESOURCES / "icons" / "imgmine.svg"]
    wanted += [RESOURCES / "help" / language / "index.md" for language in LANGUAGES]
    wanted += [RESOURCES / "i18n" / name / "LC_MESSAGES" / "imgmine.mo" for name in LANGUAGES if name != "en"]
    for path in wanted:
        path.read_bytes()


def _modules() -> None:
    """Import all that is imported only when it is needed."""
    for module in pkgutil.walk_packages(imgmine_gui.__path__, "imgmine_gui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _window() -> None:
    """Open the window, paint it once and close it."""
    importlib.import_module("imgmine_gui.gui.self_check").open_and_close()


def _items() -> DataItems:
    items, _ = load_items(SAMPLE, SplitSettings(), PlainContext())
    chosen: list[DataItem] = []
    for split in Split:
        for label in items.classes:
            chosen += [item for item in items.of(split) if item.label == label][:EACH]
    return DataItems.of_items(chosen)


def _train(name: str, run: Path) -> None:
    from imgmine_gui.core.training.trainer import train

    small = {"widths": "8,8"} if "widths" in ARCHITECTURES[name].options_type.model_fields else {}
    config = configure("classification", name, {"width": 32, "height": 32, "epochs": 1, **small}.items())
    RunFolder.create(run, name, config.model_dump(mode="json"), _items())
    train(str(run), None, PlainContext())


def _predict(run: Path) -> None:
    from imgmine_gui.core.inference.predictor import predict
    from imgmine_gui.core.inference.table import PredictionTable

    paths = [item.path for item in RunFolder.open(run).items().of(Split.TEST)]
    table = predict(str(run), paths, PlainContext())
    table.save(run / "predictions.npz")
    again = PredictionTable.load(run / "predictions.npz")
    _demand(bool(table.readable.all()) and again.to_csv() == table.to_csv(), "predictions")


def _explain(run: Path) -> None:
    from imgmine_gui.core.explain.compute import explain_images
    from imgmine_gui.core.explain.explain_file import methods_for, subject_of
    from imgmine_gui.core.storage.loading import load_network

    network = load_network(run)
    item = RunFolder.open(run).items().items[0]
    pixels, geometry = load_sample(item.path, network.description.preprocessing)
    images: Any = pixels[np.newaxis].astype(np.float32)
    for method in methods_for(network.has_attention, network.sequence_layer is not None):
        quick = {"masks": 40} if "masks" in EXPLAINERS[method].Options.model_fields else {}
        heatmap = explain_images(method, subject_of(network), images, np.array([0]), quick, PlainContext())[0]
        whole = geometry.heatmap_to_source(heatmap.values)
        _demand(bool(np.isfinite(whole).all()) and whole.shape == (96, 96), method)


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise RuntimeError(what)
