import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Progress
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.batches import images_at_once
from imgmine_gui.core.explain.compute import explain_images, supported_methods
from imgmine_gui.core.explain.rise import RiseOptions
from imgmine_gui.core.explain.subject import Subject
from imgmine_gui.core.jobs import PlainContext, Wish
from tests.unit.explain.small_networks import SHAPE, pictures, subject_of

IMAGES = pictures(2)
TARGETS = np.array([1, 2])


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of("recurrent")


def test_every_heatmap_states_its_method_and_target(subject: Subject) -> None:
    heatmaps = explain_images("layer_cam", subject, IMAGES.astype(np.uint8), TARGETS)
    assert [(heatmap.method, heatmap.target) for heatmap in heatmaps] == [("layer_cam", 1), ("layer_cam", 2)]
    assert all(heatmap.values.min() == 0 and heatmap.values.max() == 1 for heatmap in heatmaps)
    assert explain_images("layer_cam", subject, IMAGES[:0], TARGETS[:0]) == []


def test_options_are_given_checked_or_as_plain_values(subject: Subject) -> None:
    checked = explain_images("rise", subject, IMAGES, TARGETS, RiseOptions(masks=16, seed=4))
    plain = explain_images("rise", subject, IMAGES, TARGETS, {"masks": "16", "seed": 4})
    for one, other in zip(checked, plain, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    with pytest.raises(UserError, match="masks"):
        explain_images("rise", subject, IMAGES, TARGETS, {"masks": 1})


def test_what_a_person_can_mend_is_said(subject: Subject) -> None:
    with pytest.raises(UserError, match=r"no explainer named “gradcam”.*grad_cam"):
        explain_images("gradcam", subject, IMAGES, TARGETS)
    with pytest.raises(UserError, match=r"“Attention” is not defined on this network.*columns"):
        explain_images("attention", subject, IMAGES, TARGETS)


def test_arguments_that_do_not_fit_are_a_fault(subject: Subject) -> None:
    with pytest.raises(ValueError, match="no class of the 4"):
        explain_images("hires_cam", subject, IMAGES, np.array([0, 4]))
    with pytest.raises(ValueError, match="targets"):
        EXPLAINERS["hires_cam"]().explain(subject, IMAGES, TARGETS[:1])
    with pytest.raises(ValueError, match="lacks: \\['attention'\\]"):
        EXPLAINERS["attention"]().explain(subject, IMAGES, TARGETS)


def test_progress_is_told_and_reaches_its_end(subject: Subject) -> None:
    events: list[object] = []
    explain_images("rise", subject, IMAGES, TARGETS, {"masks": 16}, PlainContext(events.append))
    assert events == [Progress(1, 2), Progress(2, 2)]


class CancelledAfter(PlainContext):
    """Goes on for so many questions and then wants to cancel."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.left = questions

    @property
    def wish(self) -> Wish:
        self.left -= 1
        return Wish.GO_ON if self.left >= 0 else Wish.CANCEL


SLOW = {
    "rise": {"masks": 2000},
    "occlusion": {"window": 4, "overlap": 4},
    "score_cam": {"channels": 300},
    "smooth_grad": {"samples": 500},
    "integrated_gradients": {"steps": 500},
}


def wide() -> Subject:
    """A network with more channels than go through at once."""
    images = keras.Input(SHAPE)
    features = layers.Conv2D(300, 1, name="f")(images)
    return Subject(keras.Model(images, layers.Dense(4)(layers.GlobalAveragePooling2D()(features))), "f")


@pytest.mark.parametrize("method", SLOW)
def test_a_long_method_ends_between_two_batches_of_one_image(method: str, subject: Subject) -> None:
    batches: list[int] = []
    watched = Watched(wide() if method == "score_cam" else subject, batches)
    with pytest.raises(Cancelled):
        explain_images(method, watched, IMAGES[:1], TARGETS[:1], SLOW[method], CancelledAfter(2))
    assert 1 <= len(batches) <= 2  # one batch, after what is asked once before the loop


class Watched(Subject):
    """Notes the size of every batch that goes through the network."""

    def __init__(self, subject: Subject, batches: list[int]) -> None:
        vars(self).update(vars(subject))
        self.batches = batches

    def _ask(self, name: str, images: np.ndarray) -> np.ndarray:
        self.batches.append(len(images))
        return super()._ask(name, images)

    def _differentiate(self, place: str, images: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.batches.append(len(images))
        return super()._differentiate(place, images, targets)


@pytest.mark.parametrize("method", [*SLOW, "grad_cam", "columns"])
def test_batches_are_bounded(method: str, subject: Subject) -> None:
    batches: list[int] = []
    options = {"rise": {"masks": 300}, "score_cam": {}, "occlusion": {"window": 8}}.get(method, SLOW.get(method))
    count = 70 if method in {"grad_cam", "columns"} else 1
    images = pictures(count)
    explain_images(method, Watched(subject, batches), images, np.zeros(count, int), options)
    gradients = method in {"smooth_grad", "integrated_gradients", "grad_cam", "columns"}
    assert batches
    assert max(batches) <= images_at_once(24, 32, gradients=gradients)


def test_what_is_defined_where_can_be_told_without_a_network() -> None:
    assert supported_methods(frozenset()) == ["integrated_gradients", "occlusion", "rise", "smooth_grad"]
    assert "attention" in supported_methods(frozenset({"attention"}))
    everything = frozenset({"attention", "feature_map", "self_attention", "sequence"})
    assert set(supported_methods(everything)) == set(EXPLAINERS)


def test_the_list_of_explainers_is_read_without_tensorflow() -> None:
    code = (
        "import sys\n"
        "from imgmine_gui.core.explain.base import EXPLAINERS\n"
        "from imgmine_gui.core.options import option_fields\n"
        "assert all(EXPLAINERS[name].name == name and EXPLAINERS[name].summary for name in EXPLAINERS)\n"
        "assert len(EXPLAINERS) == 12, list(EXPLAINERS)\n"
        "[option_fields(EXPLAINERS[name].Options) for name in EXPLAINERS]\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
