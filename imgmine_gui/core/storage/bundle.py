"""A model bundle, ``NAME.imgmodel``: a zip of exactly ``manifest.json`` and ``weights.safetensors``, stored.

Of a model that reads text, ``decoder.safetensors`` may lie beside them: what makes texts of the network's outputs.

Nothing in it is a program: the network is built from our own registry by the manifest's description, and the numbers
are checked (SHA-256, names, shapes, types, finite values) before they are assigned. A description that asks for a
larger network than the file has numbers for is refused before anything of that size is made.
"""

import hashlib
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from imgmine_gui import __version__
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.options import Options
from imgmine_gui.core.storage.atomic import replacing
from imgmine_gui.core.storage.weights import Shapes, assign, damaged, pack, read_header, shapes_of, unpack
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.network import Network, NetworkDescription, build_network
from imgmine_gui.core.text import N_

VERSION: Final = 1
SUFFIX: Final = ".imgmodel"
MANIFEST, WEIGHTS, DECODER = "manifest.json", "weights.safetensors", "decoder.safetensors"
MANIFEST_LIMIT = 4_000_000
"""Bytes; a manifest of 10,000 class names is smaller."""


class Manifest(Options):
    """What the bundle says of itself.

    Attributes:
        version: of the format.
        program: the version of ImgMine that wrote it.
        network: how to build it.
        sha256: of ``weights.safetensors``.
        decoder_sha256: of ``decoder.safetensors``; empty where there is none.
        trained: facts for a person: epochs, metrics, when.
    """

    version: int
    program: str
    network: NetworkDescription
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    decoder_sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    trained: dict[str, Any] = Field(default_factory=dict)


def save_bundle(path: Path, network: Network, trained: dict[str, Any] | None = None, decoder: bytes = b"") -> None:
    """Write the network with its present weights.

    Args:
        trained: facts for a person.
        decoder: the content of ``decoder.safetensors``; without any there is no such part.

    Raises:
        UserError: the disk is full or the folder cannot be written; an older file at ``path`` is unharmed.
    """
    weights = pack(network.model.weights)
    manifest = Manifest(
        version=VERSION,
        program=__version__,
        network=network.description,
        sha256=hashlib.sha256(weights).hexdigest(),
        decoder_sha256=hashlib.sha256(decoder).hexdigest() if decoder else "",
        trained=trained or {},
    )
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1))
        archive.writestr(WEIGHTS, weights)
        if decoder:
            archive.writestr(DECODER, decoder)


def read_manifest(path: Path) -> Manifest:
    """Read what the bundle says of itself; needs no TensorFlow.

    Raises:
        UserError: the file is missing, damaged, no bundle, or of a newer version.
    """
    with _opened(path) as archive:
        return _manifest(path, archive)


def read_decoder(path: Path) -> bytes:
    """The content of ``decoder.safetensors``; empty where there is none. Needs no TensorFlow.

    Raises:
        UserError: as of ``read_manifest``.
    """
    with _opened(path) as archive:
        wanted = _manifest(path, archive).decoder_sha256
        content = _read(path, archive, DECODER) if wanted else b""
    if wanted and hashlib.sha256(content).hexdigest() != wanted:
        raise damaged(path, N_("its numbers are not those that its manifest names"))
    return content


def load_bundle(path: Path) -> tuple[Network, Manifest]:
    """Build the network of a bundle and give it its weights.

    Raises:
        UserError: the file is missing, damaged, no bundle, or of a newer version; nothing of it was run.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        _check_shapes(path, archive, manifest.network)
        content = _read(path, archive, WEIGHTS)
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise damaged(path, N_("its numbers are not those that its manifest names"))
    network = build_network(manifest.network)
    assign(network.model.weights, unpack(content), path)
    return network, manifest


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UserError(
            N_("There is no file {path}."), N_("Check the name, or choose another model."), path=path
        ) from None
    except IsADirectoryError:
        raise UserError(N_("{path} is a folder, not a model."), N_("Choose a .imgmodel file."), path=path) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise damaged(path, N_("it is no zip file")) from error
    except OSError as error:
        raise UserError(
            N_("{path} cannot be read: {reason}."), N_("Check its permissions."), path=path, reason=reason_of(error)
        ) from error
    entries = archive.infolist()
    stored = all(entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1 for entry in entries)
    names = sorted(entry.filename for entry in entries if entry.filename != DECODER)
    if names != [MANIFEST, WEIGHTS] or len(entries) > len(names) + 1 or not stored:
        archive.close()
        raise damaged(path, N_("it must hold manifest.json and weights.safetensors, stored, and nothing else"))
    return archive


def _read(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, NotImplementedError) as error:
        raise damaged(path, N_("a part of it cannot be read")) from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MANIFEST_LIMIT:
        raise damaged(path, N_("its manifest is too long"))
    try:
        content = json.loads(_read(path, archive, MANIFEST))
        version = content["version"]
        if not isinstance(version, int) or version < 1:
            raise ValueError("version")
        if version > VERSION:
            raise UserError(
                N_("{path} was made by a newer ImgMine."), N_("Install the newest ImgMine to open it."), path=path
            )
        manifest = Manifest.model_validate(content)
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as error:
        raise damaged(path, N_("its manifest is not as it should be")) from error
    _check_known(path, manifest.network)
    return manifest


def _check_known(path: Path, description: NetworkDescription) -> None:
    """Whoever reads the manifest looks these up in the registries, which know nothing of the file."""
    try:
        _ = ARCHITECTURES[description.architecture], TASKS[description.task]
    except UserError as error:
        raise damaged(path, error.message) from error


def _check_shapes(path: Path, archive: zipfile.ZipFile, description: NetworkDescription) -> None:
    """Compare the header of the numbers with the network's variables before either is given memory."""
    size = archive.getinfo(WEIGHTS).file_size
    try:
        with archive.open(WEIGHTS) as file:
            found, _ = read_header(file, size)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise damaged(path, N_("its numbers cannot be read")) from error
    try:
        with ThreadPoolExecutor(1) as pool:
            wanted = pool.submit(_wanted_shapes, description).result()
    except UserError as error:  # of an option, an architecture or a task: here it is the file that is wrong
        raise damaged(path, error.message) from error
    except (ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
        raise damaged(path, N_("its network cannot be built")) from error
    if found != wanted:
        raise damaged(path, N_("its numbers are not those of its network"))


def _wanted_shapes(description: NetworkDescription) -> Shapes:
    """The shapes of a network's weights, without giving them memory.

    To be called in a thread that ends with it: Keras keeps, a thread, a list of variables that still want their values,
    and would fill them at the next occasion.
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        return shapes_of(build_network(description).model.weights)
