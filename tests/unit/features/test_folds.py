"""Folds that are even and cut no group; intervals and laws against a second way to them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Event, Progress
from imgmine_gui.core.features.crossvalidation import Judged, cross_validate
from imgmine_gui.core.features.folds import stratified_folds
from imgmine_gui.core.features.heads import HeadOptions
from imgmine_gui.core.features.intervals import MOST_FOLDS, fold_interval
from imgmine_gui.core.features.learning_curve import fit_power_law, learning_curve
from imgmine_gui.core.jobs import PlainContext, Wish


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), min_size=40, max_size=120), st.integers(2, 5))
def test_no_group_is_cut_and_every_image_has_a_fold(rows: list[tuple[int, int]], folds: int) -> None:
    targets = np.array([target for target, _ in rows], np.int32)
    groups = [str(group) for _, group in rows]
    if len(set(groups)) < folds:
        return
    found = stratified_folds(targets, groups, folds, 3)
    assert set(found.tolist()) <= set(range(folds))
    for group in set(groups):
        assert len({fold for fold, other in zip(found.tolist(), groups, strict=True) if other == group}) == 1
    assert np.array_equal(found, stratified_folds(targets, groups, folds, 3))


def test_single_images_are_spread_to_within_one_of_each_class() -> None:
    random = np.random.default_rng(0)
    targets = random.choice(5, 403, p=[0.5, 0.3, 0.1, 0.06, 0.04]).astype(np.int32)
    found = stratified_folds(targets, [str(number) for number in range(403)], 5, 0)
    counts = np.array([np.bincount(targets[found == fold], minlength=5) for fold in range(5)])
    assert (np.ptp(counts, axis=0) <= 1).all()
    assert np.ptp(counts.sum(axis=1)) <= 2
    assert not np.array_equal(found, stratified_folds(targets, [str(number) for number in range(403)], 5, 1))


def test_single_images_make_up_for_large_groups() -> None:
    targets = np.zeros(100, np.int32)
    groups = ["large"] * 20 + [str(number) for number in range(80)]
    found = stratified_folds(targets, groups, 5, 0)
    assert np.bincount(found).tolist() == [20] * 5


@pytest.mark.parametrize("groups", [["a"] * 10, []])
def test_too_few_images_are_told(groups: list[str]) -> None:
    with pytest.raises(UserError):
        stratified_folds(np.zeros(len(groups), np.int32), groups, 5, 0)


def test_the_interval_is_that_of_the_formula_with_t_by_integration() -> None:
    scores = [0.81, 0.84, 0.79, 0.88, 0.83]
    interval = fold_interval(scores)
    spread = np.std(scores, ddof=1) * np.sqrt(1 / 5 + 1 / 4)
    assert interval.mean == pytest.approx(np.mean(scores))
    assert interval.high - interval.mean == pytest.approx(t_quantile(4) * spread, rel=1e-4)
    assert fold_interval([1.0, 1.0, 0.9]).high == 1.0


@pytest.mark.parametrize("folds", [2, 3, 10, MOST_FOLDS])
def test_the_quantiles_of_students_t(folds: int) -> None:
    scores = np.linspace(0.5, 0.5001, folds)
    half = fold_interval(scores.tolist()).high - scores.mean()
    spread = scores.std(ddof=1) * np.sqrt(1 / folds + 1 / (folds - 1))
    assert half / spread == pytest.approx(t_quantile(folds - 1), rel=2e-4)


def t_quantile(degrees: int) -> float:
    """The 0.975 quantile, from the density: x = sqrt(degrees) tan(u), by the trapezoidal rule."""
    angles = np.linspace(0, np.pi / 2, 400_001)
    density = np.cos(angles) ** (degrees - 1)
    mass = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(np.sqrt(degrees) * np.tan(np.interp(0.475, mass / mass[-1] / 2, angles)))


def clouds(images: int, spread: float) -> Judged:
    random = np.random.default_rng(5)
    centres = random.normal(0, 1, (3, 20))
    targets = random.integers(0, 3, images).astype(np.int32)
    features = centres[targets] + random.normal(0, spread, (images, 20))
    return Judged(features.astype(np.float16), targets, [str(number) for number in range(images)], 3)


def test_cross_validation_judges_each_image_once_by_a_head_that_has_not_seen_it() -> None:
    judged = clouds(300, 2.0)
    found = cross_validate(judged, HeadOptions(), PlainContext(), folds=5)
    predicted = found.probabilities.argmax(axis=1)
    right = predicted == judged.targets
    assert found.by_fold == pytest.approx([right[found.fold == fold].mean() for fold in range(5)])
    assert found.accuracy == fold_interval(found.by_fold)
    assert found.accuracy.low < found.accuracy.mean < found.accuracy.high
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    again = cross_validate(judged, HeadOptions(), PlainContext(), folds=5)
    assert np.array_equal(again.probabilities, found.probabilities)


def test_labels_of_chance_are_told_at_chance() -> None:
    """A head that had seen what judges it would be right far more often: 400 numbers tell 300 images apart."""
    random = np.random.default_rng(1)
    targets = random.integers(0, 2, 300).astype(np.int32)
    judged = Judged(random.normal(0, 1, (300, 400)), targets, [str(number) for number in range(300)], 2)
    assert cross_validate(judged, HeadOptions(shrinkage=1e-4), PlainContext()).accuracy.mean < 0.62


def test_copies_and_equal_contents_do_not_leak() -> None:
    random = np.random.default_rng(1)
    features, targets = random.normal(0, 1, (150, 400)), random.integers(0, 2, 150).astype(np.int32)
    judged = Judged(
        np.concatenate([features, features]), np.concatenate([targets, targets]),
        [str(number) for number in range(150)] * 2, 2, copies=np.arange(300) >= 150,
    )  # fmt: skip
    found = cross_validate(judged, HeadOptions(shrinkage=1e-4), PlainContext())
    assert found.accuracy.mean < 0.65
    assert not found.probabilities[150:].any()


def test_a_power_law_is_found_again() -> None:
    images = np.geomspace(2, 300, 7)
    law = fit_power_law(images, 0.08 + 0.9 * images**-0.6)
    assert law.a == pytest.approx(0.08, abs=0.01)
    assert law.error(600) == pytest.approx(0.08 + 0.9 * 600**-0.6, abs=2e-3)
    flat = fit_power_law(images, np.linspace(0.1, 0.2, 7))  # ever worse: no law of this kind, so its mean
    assert flat.a == pytest.approx(0.15)
    assert flat.b == 0.0
    zero = fit_power_law(images, 0.9 * images**-0.6 - 0.01)
    assert zero.a == 0.0


def test_the_curve_rises_and_says_what_doubling_would_bring() -> None:
    judged = clouds(600, 2.5)
    events: list[Event] = []
    found = learning_curve(judged, HeadOptions(), PlainContext(events.append), steps=6)
    means = [point.accuracy.mean for point in found.points]
    assert means[-1] > means[0] + 0.1
    assert found.images_a_class == 200
    assert found.points[-1].images_a_class == pytest.approx(160)
    assert found.gain.mean == pytest.approx(found.doubled - found.now)
    assert 0 <= found.gain.low <= found.gain.high < 0.2
    assert [event.done for event in events if isinstance(event, Progress)] == list(range(1, 31))


def test_the_last_point_of_the_curve_is_the_cross_validation() -> None:
    judged = clouds(200, 2.0)
    curve = learning_curve(judged, HeadOptions(), PlainContext())
    assert curve.points[-1].by_fold == pytest.approx(cross_validate(judged, HeadOptions(), PlainContext()).by_fold)


def test_both_can_be_cancelled() -> None:
    context = PlainContext()
    context.wish = Wish.CANCEL
    for job in (cross_validate, learning_curve):
        with pytest.raises(Cancelled):
            job(clouds(100, 1.0), HeadOptions(), context)
    with pytest.raises(UserError):
        learning_curve(clouds(10, 1.0), HeadOptions(), PlainContext())
