"""A table of named things, in which every file of one package registers its own."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

T = TypeVar("T")


class Registry(Generic[T]):
    """Names to things of one kind; the package's modules are imported when the table is first read.

    Args:
        kind: what the things are, for the error message: "architecture"; marked with ``N_``.
        package: the package whose modules register the things.

    Example:
        >>> ARCHITECTURES: Registry[type[Architecture]] = Registry(N_("architecture"), "imgmine_gui.core.architectures")
        >>> @ARCHITECTURES.register("cnn")
        ... class Cnn(Architecture): ...
        >>> ARCHITECTURES["cnn"]
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self._package = package
        self._things: dict[str, T] = {}
        self._complete = False

    def register(self, name: str) -> Callable[[T], T]:
        """Enter the decorated thing under ``name``; a name taken twice is a fault of the program."""

        def enter(thing: T) -> T:
            if name in self._things:
                raise ValueError(f"two things of kind {self.kind!r} have one name. Received: name={name!r}")
            self._things[name] = thing
            return thing

        return enter

    def names(self) -> list[str]:
        """All names, in the order of the alphabet."""
        self._load()
        return sorted(self._things)

    def __getitem__(self, name: str) -> T:
        self._load()
        try:
            return self._things[name.replace("-", "_")]
        except KeyError:
            raise UserError(
                N_("There is no {kind} named “{name}”."),
                N_("Choose one of: {names}."),
                kind=self.kind,
                name=name,
                names=self.names(),
            ) from None

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __len__(self) -> int:
        self._load()
        return len(self._things)

    def _load(self) -> None:
        if self._complete:
            return
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")
        self._complete = True
