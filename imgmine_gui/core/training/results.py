"""What a training and an estimate come to; readable without TensorFlow, since the window reads them."""

from dataclasses import dataclass

from imgmine_gui.core.storage.run_folder import RunState


@dataclass(frozen=True)
class TrainResult:
    """What a training came to.

    Attributes:
        run: its folder.
        state: finished or stopped.
        metrics: of the best epoch.
        images_per_second: in training steps alone, the first step, in which the network is compiled, left out.
        seconds: of training and validation.
        skipped: images that could not be read.
    """

    run: str
    state: RunState
    epochs: int
    best_epoch: int
    metrics: dict[str, float]
    images_per_second: float
    seconds: float
    skipped: int


@dataclass(frozen=True)
class Estimate:
    """What a training will cost.

    Attributes:
        images_per_second: in training steps.
        seconds_per_epoch: with validation.
        seconds_total: with the first reading of the files and the compiling of the network.
        memory_bytes: resident memory of the training process at its highest so far.
        parameters: numbers that are learned.
    """

    images_per_second: float
    seconds_per_epoch: float
    seconds_total: float
    memory_bytes: int
    parameters: int
