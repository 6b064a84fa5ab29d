"""Recurrent layers by their formulas, in NumPy."""

import numpy as np

from tests.unit.networks import sigmoid


def lstm(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Every h_t of h_t = LSTM(x_t, h_{t-1}) (Hochreiter and Schmidhuber 1997, with forget gate); gates i, f, c, o."""
    units = w[f"{name}/recurrent_kernel"].shape[0]
    h = c = np.zeros((len(x), units))
    states = []
    for t in range(x.shape[1]):
        gates = x[:, t] @ w[f"{name}/kernel"] + h @ w[f"{name}/recurrent_kernel"] + w[f"{name}/bias"]
        i, f, g, o = np.split(gates, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack(states, 1)


def gru(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Every h_t of a GRU (Cho et al. 2014) whose reset gate comes after the recurrent product; gates z, r, h."""
    units = w[f"{name}/recurrent_kernel"].shape[0]
    h = np.zeros((len(x), units))
    bias, recurrent_bias = w[f"{name}/bias"]
    states = []
    for t in range(x.shape[1]):
        xz, xr, xh = np.split(x[:, t] @ w[f"{name}/kernel"] + bias, 3, axis=-1)
        hz, hr, hh = np.split(h @ w[f"{name}/recurrent_kernel"] + recurrent_bias, 3, axis=-1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        h = z * h + (1 - z) * np.tanh(xh + r * hh)
        states.append(h)
    return np.stack(states, 1)
