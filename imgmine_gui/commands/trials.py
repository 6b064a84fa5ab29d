"""Checks of ``imgmine self-test`` that do for real what a person does, on a part of a sample and through an engine.

The functions at the end run in the engine, where TensorFlow is.
"""

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from imgmine_gui.commands.belongings import LINES, SAMPLE, demand, modules
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.explain.export import Drawing
from imgmine_gui.core.images.optional import OPTIONAL_READERS, MissingExtra, optional_reader
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.jobs import JobContext, PlainContext
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.exchange.export import export_images
from imgmine_gui.core.project.exchange.formats import WRITERS
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.planning import plan_import
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.project import DATABASE, Project
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.training.config import configure
from imgmine_gui.engine.client import Engine
from imgmine_gui.engine.mark import WORKER

EACH = 4
"""Images a class and split; what is learned from so few is not looked at."""
SIDE = 64
"""Width and height of what the networks see, in px: the backbones leave a map of 2 x 2 of it."""
SMALL = {"widths": "8,8"}
"""Options that make a network small, where it has them."""
QUICK = {"masks": 40, "samples": 4, "steps": 4}
"""The same of an explainer."""


class Trials:
    """One engine, and a folder in which everything is made.

    Args:
        folder: empty, and the caller's to delete.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine = Engine()

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def combinations(self) -> Iterator[tuple[str, str]]:
        """Each task with each architecture that gives what it reads."""
        for task in TASKS:
            for architecture in ARCHITECTURES:
                if set(TASKS[task].accepts) & ARCHITECTURES[architecture].produces:
                    yield task, architecture

    def check_engine(self) -> None:
        """The engine is a process of its own, knows what it is, and has TensorFlow."""
        told = self._run("about_this_process")
        demand(told["pid"] != os.getpid() and told["marked"], f"worker process: {told}")
        demand(told["telemetry"] == "0", "the telemetry of TensorFlow is on")

    def check_modules(self) -> None:
        """All that is imported only when it is needed can be imported."""
        self._run("import_everything")

    def check_formats(self) -> None:
        """The readers of photos of telephones and of medical images are there, where they were installed."""
        for name in OPTIONAL_READERS:
            try:
                optional_reader(name)
            except MissingExtra as missing:
                demand(not getattr(sys, "frozen", False) or sys.platform != "linux", f"{name}: {missing}")

    def check_project(self) -> None:
        """A new project finds the images of a folder, through the job that a person's folder goes through."""
        source = self._copy_sample()
        with closing(Project.create(self._folder / "trial.imgmine", "trial")) as project:
            added = project.catalogue.add_source(str(source))
            spool = project.new_scratch_file()
            found = self._engine.run("scan", (str(source), str(project.catalogue.path), added.id, str(spool)))
            project.catalogue.apply_scan(added.id, spool)
            wanted = len(self.items.items)
            demand(found.images == wanted, f"{found.images} of {wanted} images were found")
        with closing(Project.open(self._folder / "trial.imgmine")) as project:
            demand(len(project.catalogue.items(labelled=True)) == wanted, "labels")

    def check_exchange(self) -> None:
        """The labels of the project are written in every format, and one is read again."""
        database = self._folder / "trial.imgmine" / DATABASE
        for name in WRITERS:
            target = self._folder / "exchange" / f"{name}{WRITERS[name].suffix}"
            target.parent.mkdir(exist_ok=True)
            report = export_images(database, name, target, parse_options(WRITERS[name].options_type, {}), self._context)
            demand(report.images == len(self.items.items) and target.exists(), name)
        table = next((self._folder / "exchange").glob("*.csv"))
        plan = plan_import(database, str(table), None, ImportOptions(), self._folder / "import.db", self._context)
        demand(plan.images == len(self.items.items), f"{plan.images} images were read again")

    def train(self, task: str, architecture: str) -> None:
        """An epoch, in the engine."""
        known = ARCHITECTURES[architecture].options_type.model_fields
        small = [(name, value) for name, value in SMALL.items() if name in known]
        size = [] if TASKS[task].lines else [("width", SIDE), ("height", SIDE)]
        config = configure(task, architecture, [*size, ("epochs", 1), *small])
        run = self.run_folder(task, architecture)
        RunFolder.create(run, architecture, config.model_dump(mode="json"), self._items_of(task))
        self._engine.run("train", (str(run), None))
        demand((run / "model.imgmodel").is_file(), "no model was saved")

    def predict(self, task: str, architecture: str) -> None:
        """The saved model, moved to another place and loaded again, says the same as the run it came from."""
        run = self.run_folder(task, architecture)
        model = self._folder / f"{task}-{architecture}-copy.imgmodel"
        shutil.copyfile(run / "model.imgmodel", model)
        function = "recognise" if TASKS[task].lines else "predict"
        paths = tuple(item.path for item in self._items_of(task).of(Split.TEST))
        table, again = (self._engine.run(function, (str(place), paths)) for place in (run, model))
        demand(bool(table.readable.all()) and again.to_csv() == table.to_csv(), "predictions")
        if TASKS[task].lines:
            return
        table.save(run / "predictions.npz")
        demand(PredictionTable.load(run / "predictions.npz").to_csv() == table.to_csv(), "saved predictions")

    def explain(self, task: str, architecture: str) -> None:
        """A heatmap by every explainer that is defined on the network, and one written to a file."""
        run, path = str(self.run_folder(task, architecture)), self._test_paths[0]
        methods: list[str] = self._run("methods_of", run)
        demand(bool(methods), "no explainer")
        for method in methods:
            fields = EXPLAINERS[method].Options.model_fields
            options = {name: value for name, value in QUICK.items() if name in fields}
            heatmap: FileHeatmap = self._engine.run("explain", (run, path, method, None, options))
            whole = heatmap.on_original()
            demand(bool(np.isfinite(whole).all()) and whole.shape == (96, 96), method)
        folder = self._folder / f"{task}-{architecture}-heatmaps"
        arguments: tuple[Any, ...] = (run, (path,), ("one",), str(folder), None, None, {}, Drawing())
        exported = self._engine.run("export_heatmaps", arguments)
        demand(exported.images == 1 and len(list(folder.iterdir())) == 2, "exported heatmaps")

    def run_folder(self, task: str, architecture: str) -> Path:
        """Where a training is."""
        return self._folder / f"{task}-{architecture}"

    @cached_property
    def items(self) -> DataItems:
        """A few images of each class and split."""
        items, _ = load_items(SAMPLE, SplitSettings(), self._context)
        chosen: list[DataItem] = []
        for split in Split:
            for label in items.classes:
                chosen += [item for item in items.of(split) if item.label == label][:EACH]
        return DataItems.of_items(chosen)

    @cached_property
    def lines(self) -> DataItems:
        """A few lines of each split, with their transcriptions."""
        items, _ = load_items(LINES, SplitSettings(), self._context, transcribed=True)
        return DataItems.of_items(item for split in Split for item in items.of(split)[: 4 * EACH])

    def _items_of(self, task: str) -> DataItems:
        return self.lines if TASKS[task].lines else self.items

    @property
    def _test_paths(self) -> tuple[str, ...]:
        return tuple(item.path for item in self.items.of(Split.TEST))

    @property
    def _context(self) -> PlainContext:
        return PlainContext()

    def _run(self, function: str, *arguments: object) -> Any:
        return self._engine.run(f"{__name__}:{function}", arguments)

    def _copy_sample(self) -> Path:
        source = self._folder / "images"
        for item in self.items.items:
            target = source / str(item.split) / str(item.label) / Path(item.path).name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(item.path, target)
        return source


def about_this_process(context: JobContext) -> dict[str, Any]:
    """What the engine is."""
    import tensorflow as tf

    return {
        "pid": os.getpid(),
        "marked": WORKER in os.environ,
        "telemetry": os.environ.get("ENABLE_RUNTIME_UPTIME_TELEMETRY"),
        "tensorflow": tf.__version__,
        "python": platform.python_version(),
    }


def import_everything(context: JobContext) -> int:
    """Import every module of ours; returns how many there are."""
    names = list(modules())
    for name in names:
        importlib.import_module(name)
    return len(names)


def methods_of(model: str, context: JobContext) -> Sequence[str]:
    """The explainers that are defined on a model."""
    from imgmine_gui.core.explain.explain_file import methods_for
    from imgmine_gui.core.storage.loading import load_network

    network = load_network(model)
    return methods_for(network.has_attention, network.sequence_layer is not None)
