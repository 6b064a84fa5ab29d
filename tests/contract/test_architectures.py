"""What every registered architecture owes to the rest of the program."""

from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.architectures.base import ARCHITECTURES, LineReader, Produces
from imgmine_gui.core.data.preprocessing import Colour, Preprocessing
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.explain_file import methods_for, subject_of
from imgmine_gui.core.options import Kind, option_fields, parse_options
from imgmine_gui.core.storage.bundle import load_bundle, save_bundle
from imgmine_gui.core.storage.weights import variables_by_name
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network
from imgmine_gui.core.training.config import GROUPS, configure

SMALL = {"widths": "4,6"}


PAIRS = [
    (task, name) for name in ARCHITECTURES for task in TASKS if set(TASKS[task].accepts) & ARCHITECTURES[name].produces
]
"""Every task with every architecture that gives what it reads."""


def build(
    name: str, colour: Colour = Colour.RGB, precision: str = "float32", task: str = "classification", **options: object
) -> Network:
    known = ARCHITECTURES[name].options_type.model_fields
    chosen = {key: value for key, value in {**SMALL, **options}.items() if key in known}
    return build_network(
        NetworkDescription(
            task=task,
            architecture=name,
            architecture_options=parse_options(ARCHITECTURES[name].options_type, chosen).model_dump(mode="json"),
            preprocessing=Preprocessing(width=40, height=28, colour=colour),
            classes=("a", "b", "c"),
            precision=precision,
        )
    )


@pytest.fixture(params=list(ARCHITECTURES))
def name(request: pytest.FixtureRequest) -> str:
    """Every architecture in turn."""
    return str(request.param)


def test_says_what_it_is(name: str) -> None:
    kind = ARCHITECTURES[name]
    assert kind.name == name
    assert kind.title
    assert kind.summary.endswith(".")
    assert len(kind.diagram) >= 2
    assert kind.produces <= set(Produces)
    assert kind.explainer in EXPLAINERS
    for field in option_fields(kind.options_type):
        assert field.title != field.name
        assert field.description.endswith("."), field.name
        if field.kind in {Kind.WHOLE, Kind.REAL}:
            assert field.minimum is not None, field.name
            assert field.maximum is not None, field.name


@pytest.mark.parametrize("colour", list(Colour))
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_outputs(name: str, colour: Colour, precision: str) -> None:
    network = build(name, colour, precision)
    images = np.random.default_rng(0).uniform(0, 255, (2, 28, 40, 1 if colour is Colour.GREY else 3)).astype(np.float32)
    outputs = {key: np.asarray(value) for key, value in network.model(images, training=False).items()}
    assert outputs["logits"].shape == outputs["probabilities"].shape == (2, 3)
    assert outputs["logits"].dtype == outputs["probabilities"].dtype == np.float32
    np.testing.assert_allclose(outputs["probabilities"].sum(1), 1, atol=1e-6)
    assert network.has_attention == ("attention" in outputs)
    if network.has_attention:
        np.testing.assert_allclose(outputs["attention"].sum((2, 3)), 1, atol=1e-5)
    assert {str(variable.dtype) for variable in network.model.weights} == {"float32"}


def test_variables_have_names_of_their_own_that_stay(name: str) -> None:
    first, second = (list(variables_by_name(build(name).model.variables)) for _ in range(2))
    assert first == second


def inputs_of(network: Network, count: int = 3) -> list[np.ndarray]:
    """Some images, and of lines their widths."""
    random = np.random.default_rng(0)
    height, width, channels = network.model.inputs[0].shape[1:]
    images = random.uniform(0, 255, (count, height, width or 64, channels)).astype(np.float32)
    return [images, np.array([64, 33, 16], np.int32)][: len(network.model.inputs)]


def outputs_of(network: Network) -> dict[str, np.ndarray]:
    inputs = inputs_of(network)
    outputs = network.model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return {key: np.asarray(value) for key, value in outputs.items()}


@pytest.mark.parametrize(("task", "architecture"), PAIRS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_every_task_it_fits(tmp_path: Path, task: str, architecture: str, precision: str) -> None:
    """Built, saved and loaded; its outputs are what loss and metrics of the task read."""
    network = build(architecture, precision=precision, task=task)
    outputs = outputs_of(network)
    assert outputs["logits"].dtype == np.float32
    assert np.isfinite(outputs["logits"]).all()
    assert len(network.model.inputs) == 1 + TASKS[task].lines
    targets = TASKS[task]().encode(["a", "b", "a"], ("a", "b", "c"))
    losses = np.asarray(TASKS[task]().loss(targets, outputs, 0.0))
    assert losses.shape == (3,)
    assert np.isfinite(losses).all()
    metrics = TASKS[task]().metrics(targets, outputs)
    assert {name: value.shape for name, value in metrics.items()} == dict.fromkeys(metrics, (3,))
    figures = TASKS[task]().figures({"loss": 1.0, **{name: float(np.mean(value)) for name, value in metrics.items()}})
    assert TASKS[task].monitor in figures
    save_bundle(tmp_path / "m.imgmodel", network, {})
    loaded, _ = load_bundle(tmp_path / "m.imgmodel")
    assert loaded.description == network.description
    again = outputs_of(loaded)
    assert {key: value.tobytes() for key, value in outputs.items()} == {k: v.tobytes() for k, v in again.items()}


@pytest.mark.parametrize(("task", "architecture"), [pair for pair in PAIRS if TASKS[pair[0]].lines])
def test_lines_have_the_columns_that_the_stride_says(task: str, architecture: str) -> None:
    network = build(architecture, task=task)
    reader = ARCHITECTURES[architecture]()
    assert isinstance(reader, LineReader)
    stride = reader.stride(parse_options(reader.options_type, network.description.architecture_options))
    outputs = outputs_of(network)
    assert outputs["columns"].tolist() == [-(-width // stride) for width in (64, 33, 16)]
    assert outputs["logits"].shape == (3, -(-64 // stride), 4)


@pytest.mark.parametrize("task", list(TASKS))
def test_what_a_task_suggests_and_leaves_out_are_options(name: str, task: str) -> None:
    """Of some architecture, or of all trainings; and what it suggests is within its bounds."""
    known = {field for kind in GROUPS.values() for field in kind.model_fields}
    of_some = {field for one in ARCHITECTURES for field in ARCHITECTURES[one].options_type.model_fields}
    assert set(TASKS[task].suggested) <= known | of_some
    assert TASKS[task].without <= known
    assert configure(task, name).task == task


def test_its_explainer_is_defined_on_it(name: str) -> None:
    network = build(name)
    methods = methods_for(
        network.has_attention, network.sequence_layer is not None, bool(network.self_attention_layers)
    )
    assert ARCHITECTURES[name].explainer in methods
    subject = subject_of(network)
    assert set(methods) == {method for method in EXPLAINERS if EXPLAINERS[method].supports(subject)}


def test_every_option_can_be_set_by_name(name: str) -> None:
    for field in option_fields(ARCHITECTURES[name].options_type):
        value = ",".join(map(str, field.default)) if field.kind is Kind.WHOLE_LIST else str(field.default)
        assert configure("classification", name, [(field.name, value)]).architecture_options[field.name] is not None


def test_some_task_accepts_it(name: str) -> None:
    assert any(set(TASKS[task].accepts) & ARCHITECTURES[name].produces for task in TASKS)


def test_smallest_and_odd_sizes_build(name: str) -> None:
    for width, height in ((16, 16), (17, 33), (300, 16)):
        description = build(name).description.model_copy(
            update={"preprocessing": Preprocessing(width=width, height=height)}
        )
        assert build_network(description).model.output["logits"].shape == (None, 3)
