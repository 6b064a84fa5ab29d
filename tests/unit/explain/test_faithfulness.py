import itertools

import numpy as np
import pytest

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Progress
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.compute import explain_images
from imgmine_gui.core.explain.faithfulness import faithfulness, faithfulness_over
from imgmine_gui.core.explain.heatmap import Heatmap, normalise
from imgmine_gui.core.explain.interpolation import resize
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import PlainContext, Wish
from tests.unit.explain.linear_networks import region_subject
from tests.unit.explain.small_networks import pictures, subject_of

STEPS = 12


def naive(subject: Subject, image: Floats, other: Floats, target: int, heatmap: Heatmap, steps: int) -> list[float]:
    """Pixel by pixel from ``image`` to ``other``, looking at the probability on the way."""
    height, width = image.shape[:2]
    brightness = resize(heatmap.values, height, width)
    order = sorted(np.ndindex(height, width), key=lambda place: -brightness[place])
    current, curve, changed = image.copy(), [], 0
    for step in range(steps + 1):
        while changed < round(step * height * width / steps):
            current[order[changed]] = other[order[changed]]
            changed += 1
        curve.append(float(subject.probabilities(current[None])[0, target]))
    return curve


@pytest.mark.parametrize("kind", ["sequential", "functional", "attention"])
def test_pixel_by_pixel(kind: str) -> None:
    subject, image = subject_of(kind), pictures(1)[0]
    heatmap = normalise(np.random.default_rng(3).random((6, 8)), "m", 2)
    result = faithfulness(subject, image, 2, heatmap, steps=STEPS)
    mean, blurred = (baseline_images(image[None], kind)[0] for kind in (Baseline.MEAN, Baseline.BLURRED))
    deletion = naive(subject, image, mean, 2, heatmap, STEPS)
    insertion = naive(subject, blurred, image, 2, heatmap, STEPS)
    np.testing.assert_allclose(result.deletion_curve, deletion, atol=1e-5)
    np.testing.assert_allclose(result.insertion_curve, insertion, atol=1e-5)
    area = sum((one + other) / 2 / STEPS for one, other in itertools.pairwise(deletion))
    assert result.deletion == pytest.approx(area, abs=1e-5)
    area = sum((one + other) / 2 / STEPS for one, other in itertools.pairwise(insertion))
    assert result.insertion == pytest.approx(area, abs=1e-5)


def corner() -> tuple[Subject, Floats, Heatmap, Heatmap]:
    """A network that looks at one corner, and a heatmap that is right and one that is wrong."""
    subject = region_subject(16, 16, slice(0, 4), slice(0, 4), weight=0.002)
    right = np.zeros((16, 16))
    right[:4, :4] = 1
    return subject, np.full((16, 16, 1), 255, np.float32), normalise(right, "m", 0), normalise(1 - right, "m", 0)


def test_a_right_heatmap_is_more_faithful_than_a_wrong_one() -> None:
    subject, image, right, wrong = corner()
    black = {"deletion_baseline": Baseline.BLACK, "insertion_baseline": Baseline.BLACK}
    good, bad = (faithfulness(subject, image, 0, heatmap, steps=16, **black) for heatmap in (right, wrong))
    assert max(good.deletion, bad.insertion) < 0.55
    assert min(bad.deletion, good.insertion) > 0.95
    assert good.deletion_curve[0] == pytest.approx(good.insertion_curve[-1])
    assert good.deletion_curve[-1] == pytest.approx(0.5)


def test_over_many_images_the_means_are_taken_and_flat_maps_are_counted() -> None:
    subject = subject_of("sequential")
    images, targets = pictures(3), [1, 0, 2]
    images[1] = 0  # black, as is the start of integrated gradients: its map is flat
    events: list[object] = []
    result = faithfulness_over(
        "integrated_gradients",
        subject,
        zip(images, targets, strict=True),
        {"steps": 8},
        steps=STEPS,
        total=3,
        context=PlainContext(events.append),
    )
    assert (result.images, result.flat) == (2, 1)
    assert events == [Progress(done, 3) for done in (1, 2, 3)]
    singles = [
        faithfulness(
            subject,
            image,
            target,
            explain_images("integrated_gradients", subject, image[None], np.array([target]), {"steps": 8})[0],
            steps=STEPS,
        )
        for image, target in ((images[0], 1), (images[2], 2))
    ]
    assert result.mean is not None
    assert result.mean.deletion == pytest.approx(np.mean([single.deletion for single in singles]))
    assert result.mean.insertion == pytest.approx(np.mean([single.insertion for single in singles]))
    np.testing.assert_allclose(
        result.mean.insertion_curve, np.mean([single.insertion_curve for single in singles], 0), atol=1e-6
    )


def test_without_any_heatmap_there_is_no_mean() -> None:
    subject = region_subject(8, 8, slice(0, 0), slice(0, 0))
    result = faithfulness_over("occlusion", subject, [(np.ones((8, 8, 1), np.float32), 0)])
    assert (result.mean, result.images, result.flat) == (None, 0, 1)


def test_it_ends_when_it_is_cancelled() -> None:
    context, read = PlainContext(), []

    def samples():  # type: ignore[no-untyped-def]
        for image in pictures(5):
            read.append(1)
            if len(read) == 3:
                context.wish = Wish.CANCEL
            yield image, 0

    with pytest.raises(Cancelled):
        faithfulness_over("occlusion", subject_of("sequential"), samples(), steps=4, context=context)
    assert len(read) == 3
