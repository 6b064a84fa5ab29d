"""How much each column of the sequence that a recurrent network reads speaks for the class."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS, Explainer, NoOptions
from imgmine_gui.core.explain.subject import Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


@EXPLAINERS.register("columns")
class Columns(Explainer[NoOptions]):
    """ReLU(sum_f x_tf * dS/dx_tf) for every column t of the sequence x, a map of one row ``[1, columns]``.

    Value times gradient is the first-order share of the features in the score; summed over the features of a column
    it is the counterpart of HiResCAM along the width. The row stands for the full height of the image.
    """

    name = "columns"
    title = N_("Columns")
    summary = N_("Which columns of the image, read from left to right, spoke for the class.")
    paper = "Shrikumar et al.: Learning Important Features Through Propagating Activation Differences. ICML 2017"
    needs = frozenset({"sequence"})

    def _maps(
        self,
        subject: Subject,
        images: npt.NDArray[np.float32],
        targets: npt.NDArray[np.int32],
        context: JobContext | None,
    ) -> npt.NDArray[np.floating[Any]]:
        sequence, gradients = subject.sequence_and_gradients(images, targets)
        return np.asarray(np.einsum("btf,btf->bt", sequence, gradients)[:, None, :])
