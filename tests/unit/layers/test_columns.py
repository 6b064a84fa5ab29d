"""What is said of a line depends on nothing but the line."""

import numpy as np
import pytest

from imgmine_gui.core.layers.columns import ColumnCount, ReversedColumns, WithinWidth
from imgmine_gui.core.tasks.network import Network, stride_of
from tests.unit.architectures.recurrent import gru, lstm
from tests.unit.lines import line_network, noise, said
from tests.unit.networks import batch_norm, convolve, dense, pool, values_of

WIDTHS = (16, 17, 31, 33, 61, 98)
NETWORKS = {
    "as suggested": {"cell": "gru", "batch_normalisation": True},
    "one direction": {"cell": "lstm", "bidirectional": False},
    "two layers": {"cell": "lstm", "recurrent_layers": 2, "batch_normalisation": True},
    "two gru layers in one direction": {"cell": "gru", "recurrent_layers": 2, "bidirectional": False},
    "average pooling, wide kernel": {"cell": "gru", "pooling": "average", "kernel": 7, "batch_normalisation": True},
    "no pooling of the width": {"width_poolings": 0},
    "every pooling of the width": {"widths": (4, 4, 4, 4, 4), "width_poolings": 5, "batch_normalisation": True},
    "width pooled where height is not": {"poolings": 0, "width_poolings": 1, "batch_normalisation": True},
}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Network:
    """Each kind of network that reads lines."""
    return line_network(**NETWORKS[request.param])


def test_neighbours_and_padding_change_nothing(network: Network) -> None:
    lines = [noise(width) for width in WIDTHS]
    alone = [said(network, [line])[0] for line in lines]
    stride = stride_of(network.description)
    assert [len(one) for one in alone] == [-(-width // stride) for width in WIDTHS]
    for together in (said(network, lines), said(network, lines, further=3)):
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5, rtol=1e-5)
    backwards = said(network, lines[::-1])[::-1]
    for one, other in zip(alone, backwards, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("normalisation", ["unit", "symmetric"])
def test_normalisation_of_a_line_looks_at_nothing_else(normalisation: str) -> None:
    network = line_network(normalisation=normalisation)
    np.testing.assert_allclose(
        said(network, [noise(40)])[0], said(network, [noise(40), noise(200)], further=1)[0], atol=1e-5
    )


def test_every_pixel_of_a_line_counts_and_none_beside_it() -> None:
    network = line_network(cell="gru", batch_normalisation=True)
    line = noise(37)
    changed = line.copy()
    changed[:, -1] = 255 - changed[:, -1]
    whole, other = said(network, [line])[0], said(network, [changed])[0]
    assert np.abs(whole - other).max(1).min() > 1e-6  # the last column reaches the first through the way back
    one_way = line_network(cell="gru", bidirectional=False)
    assert np.abs(said(one_way, [line])[0] - said(one_way, [changed])[0])[0].max() == 0
    assert np.abs(said(one_way, [line])[0] - said(one_way, [changed])[0])[-1].max() > 1e-6


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("normalised", [False, True])
def test_against_the_formula(cell: str, bidirectional: bool, normalised: bool) -> None:
    """A second implementation of a network with one recurrent layer, of a line with nothing beside it."""
    network = line_network(cell=cell, bidirectional=bidirectional, batch_normalisation=normalised)
    w = values_of(network)
    for width in (32, 45):
        line = noise(width)
        x = np.pad(line / 127.5 - 1.0, ((0, 0), (0, -width % 4), (0, 0)))[None]
        for number in (1, 2):
            x = convolve(x, w[f"conv_{number}/kernel"], w.get(f"conv_{number}/bias", 0.0))
            x = pool(np.maximum(batch_norm(x, w, f"norm_{number}") if normalised else x, 0))
            x[:, :, -(-width // 2**number) :] = 0
        columns = x.transpose(0, 2, 1, 3).reshape(1, x.shape[2], -1)
        read = lstm if cell == "lstm" else gru
        states = read(columns, w, f"recurrent_1/{cell}_cell")
        if bidirectional:
            backward = read(columns[:, ::-1], w, f"recurrent_1_backward/{cell}_cell")[:, ::-1]
            states = np.concatenate([states, backward], -1)
        np.testing.assert_allclose(said(network, [line])[0], dense(states, w, "logits")[0], rtol=2e-4, atol=2e-4)


def test_layers_come_back_from_what_describes_them() -> None:
    for layer in (WithinWidth(2, name="a"), ReversedColumns(name="b"), ColumnCount(3, name="c")):
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()


def test_column_count_rounds_up() -> None:
    assert np.asarray(ColumnCount(2)(np.array([1, 4, 5, 8, 2047], np.int32))).tolist() == [1, 1, 2, 2, 512]
    assert np.asarray(ColumnCount(0)(np.array([7], np.int32))).tolist() == [7]


def test_own_columns_are_turned_about_and_the_rest_stays() -> None:
    x = np.arange(10, dtype=np.float32).reshape(2, 5, 1)
    found = np.asarray(ReversedColumns()([x, np.array([3, 5], np.int32)]))[..., 0]
    assert found.tolist() == [[2, 1, 0, 3, 4], [9, 8, 7, 6, 5]]


def test_bfloat16_stays_near_32_bits() -> None:
    options = {"cell": "gru", "batch_normalisation": True}
    exact, short = line_network(**options), line_network(precision="bfloat16", **options)
    lines = [noise(width) for width in (16, 77, 130)]
    for one, other in zip(said(exact, lines), said(short, lines), strict=True):
        assert other.dtype == np.float32
        assert np.abs(one - other).max() < 0.1 * np.abs(one).max()
