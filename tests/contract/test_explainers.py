"""What every explainer promises, on every kind of network; a new one is looked at without a line being added here."""

from functools import cache

import numpy as np
import pytest

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.compute import explain_images, supported_methods
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.options import option_fields
from tests.unit.explain.small_networks import CLASSES, SPECIMENS, pictures, specimen_of, subject_of

IMAGES = pictures(3)
TARGETS = np.array([2, 0, 3])
PLACES = {"attention", "feature_map", "self_attention", "sequence"}
DEFINED = [
    (method, kind) for kind in SPECIMENS for method in EXPLAINERS if EXPLAINERS[method].needs <= specimen_of(kind).gives
]


@cache
def maps_of(method: str, kind: str) -> Floats:
    return EXPLAINERS[method]().explain(subject_of(kind), IMAGES, TARGETS)


@cache
def dead(kind: str) -> Subject:
    specimen = SPECIMENS[kind]()
    for weight in specimen.network.weights:
        weight.assign(np.zeros(weight.shape, weight.dtype))
    return specimen.subject()


@pytest.mark.parametrize("method", EXPLAINERS)
def test_it_describes_itself(method: str) -> None:
    explainer = EXPLAINERS[method]
    assert explainer.name == method
    assert explainer.needs <= PLACES
    assert explainer.title
    assert explainer.summary.endswith(".")
    assert explainer.paper.rstrip()[-4:].isdigit()
    assert explainer.Options.model_config["frozen"]
    for field in option_fields(explainer.Options):
        assert field.title != field.name
        assert field.description.endswith(".")
        assert field.choices or (field.minimum is not None and (field.maximum is not None or field.optional))


@pytest.mark.parametrize("kind", SPECIMENS)
@pytest.mark.parametrize("method", EXPLAINERS)
def test_it_says_honestly_where_it_is_defined(method: str, kind: str) -> None:
    explainer, subject = EXPLAINERS[method], subject_of(kind)
    assert explainer.supports(subject) == (explainer.needs <= specimen_of(kind).gives)
    assert explainer.supports(subject) == (method in supported_methods(subject.gives))
    if not explainer.supports(subject):
        with pytest.raises(ValueError, match="not defined on this network"):
            explainer().explain(subject, IMAGES, TARGETS)


@pytest.mark.parametrize(("method", "kind"), DEFINED)
def test_a_map_an_image_finite_and_not_negative(method: str, kind: str) -> None:
    maps = maps_of(method, kind)
    height, width = IMAGES.shape[1:3]
    assert maps.dtype == np.float32
    assert maps.ndim == 3
    assert len(maps) == 3
    assert 1 <= maps.shape[1] <= height
    assert 1 < maps.shape[2] <= width
    assert np.isfinite(maps).all()
    assert (maps >= 0).all()
    assert maps.any()


@pytest.mark.parametrize(("method", "kind"), DEFINED)
def test_the_same_twice_and_the_images_left_alone(method: str, kind: str) -> None:
    """Every specimen holds a random flip and a dropout: they move unless the network is called as in use."""
    images = IMAGES.copy()
    again = EXPLAINERS[method]().explain(subject_of(kind), images, TARGETS)
    np.testing.assert_array_equal(again, maps_of(method, kind))
    np.testing.assert_array_equal(images, IMAGES)


@pytest.mark.parametrize(("method", "kind"), DEFINED)
def test_a_batch_is_its_images_one_by_one(method: str, kind: str) -> None:
    together, explainer = maps_of(method, kind), EXPLAINERS[method]()
    for index in range(3):
        part = slice(index, index + 1)
        alone = explainer.explain(subject_of(kind), IMAGES[part], TARGETS[part])[0]
        np.testing.assert_allclose(alone, together[index], rtol=1e-3, atol=1e-5 * together.max())


@pytest.mark.parametrize(("method", "kind"), DEFINED)
def test_it_is_for_the_class_that_was_asked_for_if_it_says_so(method: str, kind: str) -> None:
    other = EXPLAINERS[method]().explain(subject_of(kind), IMAGES, (TARGETS + 1) % CLASSES)
    assert np.array_equal(other, maps_of(method, kind)) != EXPLAINERS[method].class_specific


@pytest.mark.parametrize(("method", "kind"), DEFINED)
def test_a_dead_network_gives_a_heatmap_that_is_flagged_flat(method: str, kind: str) -> None:
    for heatmap in explain_images(method, dead(kind), IMAGES, TARGETS):
        assert heatmap.flat
        assert not heatmap.values.any()


@pytest.mark.parametrize("kind", SPECIMENS)
def test_the_specimens_do_move_in_training(kind: str) -> None:
    """Otherwise the test above that nothing moves would prove nothing."""
    import keras

    network = specimen_of(kind).network
    first, second = (
        np.concatenate([np.ravel(part) for part in keras.tree.flatten(network(IMAGES, training=True))]) for _ in "ab"
    )
    assert not np.allclose(first, second)
