"""What a model says of one image: one dataclass a shape of prediction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """The base of all predictions.

    Attributes:
        path: the image file, as it was given.
    """

    path: str


@dataclass(frozen=True)
class ClassPrediction(Prediction):
    """A class with its probability.

    Attributes:
        predicted: index of the most probable class.
        probabilities: one a class, summing to 1.
    """

    predicted: int
    probabilities: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The probability of the predicted class."""
        return self.probabilities[self.predicted]


@dataclass(frozen=True)
class Unreadable(Prediction):
    """No prediction: the file could not be read, and why."""

    reason: str
