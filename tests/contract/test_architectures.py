"""What every registered architecture owes to the rest of the program."""

import numpy as np
import pytest

from imgmine_gui.core.architectures.base import ARCHITECTURES, Produces
from imgmine_gui.core.data.preprocessing import Colour, Preprocessing
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.explain_file import methods_for, subject_of
from imgmine_gui.core.options import Kind, option_fields, parse_options
from imgmine_gui.core.storage.weights import variables_by_name
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network
from imgmine_gui.core.training.config import configure

SMALL = {"widths": "4,6"}


def build(name: str, colour: Colour = Colour.RGB, precision: str = "float32", **options: object) -> Network:
    known = ARCHITECTURES[name].options_type.model_fields
    chosen = {key: value for key, value in {**SMALL, **options}.items() if key in known}
    return build_network(
        NetworkDescription(
            task="classification",
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
