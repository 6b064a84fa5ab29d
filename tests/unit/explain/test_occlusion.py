import numpy as np
import pytest

from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.occlusion import Occlusion, OcclusionOptions
from imgmine_gui.core.explain.subject import Floats, Subject
from tests.unit.explain.linear_networks import region_subject
from tests.unit.explain.small_networks import pictures, subject_of

NOUGHT = np.array([0])


def test_a_score_that_is_the_sum_of_a_region_is_found_exactly() -> None:
    image = pictures(1, (20, 40, 1))
    subject = region_subject(20, 40, slice(4, 8), slice(10, 30))
    options = OcclusionOptions(window=20, overlap=1, baseline=Baseline.BLACK)  # windows of 4 x 8 pixels, side by side
    expected = np.zeros((20, 40))
    for left in range(0, 40, 8):
        inside = slice(max(left, 10), min(left + 8, 30))
        expected[4:8, left : left + 8] = image[0, 4:8, inside, 0].sum()
    maps = Occlusion(options).explain(subject, image, NOUGHT)
    np.testing.assert_allclose(maps[0], expected, rtol=1e-5, atol=0.05)
    assert not Occlusion(options).explain(subject, image, np.array([1])).any()


def naive(subject: Subject, image: Floats, target: int, baseline: Floats) -> Floats:
    """Windows of 7 x 10 pixels in steps of 3 and 5, over an image of 24 x 32, until the border is reached."""
    total, count = np.zeros(image.shape[:2]), np.zeros(image.shape[:2])
    whole = subject.scores(image[None])[0, target]
    for top in (0, 3, 6, 9, 12, 15, 18):
        for left in (0, 5, 10, 15, 20, 25):
            covered = image.copy()
            for row in range(top, min(top + 7, 24)):
                for column in range(left, min(left + 10, 32)):
                    covered[row, column] = baseline[row, column]
            total[top : top + 7, left : left + 10] += whole - subject.scores(covered[None])[0, target]
            count[top : top + 7, left : left + 10] += 1
    return np.maximum(total / count, 0)


@pytest.mark.parametrize("baseline", Baseline)
def test_windows_that_overlap_and_reach_over_the_border(baseline: Baseline) -> None:
    images = pictures(1)
    subject = subject_of("sequential")
    maps = Occlusion(OcclusionOptions(window=30, overlap=2, baseline=baseline)).explain(subject, images, np.array([1]))
    expected = naive(subject, images[0], 1, baseline_images(images, baseline)[0])
    assert expected.max() > 0.01
    np.testing.assert_allclose(maps[0], expected, atol=1e-5)


def test_the_smallest_image_has_a_window() -> None:
    subject = region_subject(2, 3, slice(0, 1), slice(0, 1))
    maps = Occlusion(OcclusionOptions(baseline=Baseline.BLACK)).explain(subject, np.ones((1, 2, 3, 1), "f4"), NOUGHT)
    np.testing.assert_allclose(maps[0], [[1, 0, 0], [0, 0, 0]])
