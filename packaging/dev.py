"""Set up, run and test ImgMine from its repository, with nothing installed but a Python from 3.9.

    python3 packaging/dev.py run [arguments of imgmine]     start the program
    python3 packaging/dev.py test [arguments of pytest]     all checks, then the tests
    python3 packaging/dev.py check                          the checks of the sources only
    python3 packaging/dev.py bench [NAME [arguments]]       one measurement; without a name, which there are
    python3 packaging/dev.py installer [deb|rpm|appimage|nsis|dmg|all] [--keep-frozen]
                                                            the installers of this system, into dist/

Each installs first what is missing: the virtual environment .venv with the packages of pyproject.toml and, on Debian
and Ubuntu, the system libraries that Qt needs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dev_checks import lint_checks, on_screen, run_checks, test_checks
from dev_environment import Environment, find_interpreter, venv_package
from dev_process import INTERRUPTED, REPOSITORY, SetupError, become, run, say
from dev_system import INSTALLER_PACKAGES, QT_PACKAGES, TEST_PACKAGES, install_missing

BENCHES = REPOSITORY / "tests" / "bench"


def prepare(extra: str, packages: Sequence[str], environment: Environment | None = None) -> str:
    """Install what is missing, and give the path of the Python to use.

    Args:
        extra: of pyproject.toml: "test", or "" for the program alone.
        packages: of Debian and Ubuntu.
        environment: ``.venv`` by default.

    Raises:
        SetupError: something is missing that cannot be installed.
    """
    environment = environment or Environment()
    if environment.installed(extra):
        install_missing(packages)
        return str(environment.python)
    interpreter = None if environment.usable() else find_interpreter()
    for_venv = venv_package(interpreter) if interpreter else []
    install_missing([*for_venv, *packages])
    if interpreter:
        environment.make(interpreter)
    environment.install(extra)
    return str(environment.python)


def run_program(arguments: Sequence[str]) -> int:
    """Start ImgMine in the person's folder, with ``arguments``."""
    python = prepare("", QT_PACKAGES)
    # -P: a module that lies in the person's folder must not stand in for one of ours.
    return become([python, "-P", "-m", "imgmine_gui", *arguments])


def test(arguments: Sequence[str]) -> int:
    """All checks, the tests last."""
    python = prepare("test", TEST_PACKAGES)
    os.chdir(REPOSITORY)
    return run_checks(test_checks(python, arguments, os.environ))


def check(arguments: Sequence[str]) -> int:
    """The checks that look at the sources without running them."""
    if arguments:
        raise SetupError(f"check takes no arguments. Received: {' '.join(arguments)}", 2)
    python = prepare("test", ())
    os.chdir(REPOSITORY)
    return run_checks(lint_checks(python))


def bench(arguments: Sequence[str]) -> int:
    """The measurement named first, with the other arguments; without a name, a list of those there are."""
    names = sorted(path.stem for path in BENCHES.glob("*.py") if not path.stem.startswith(("_", "conftest")))
    if not arguments:
        print(*names, sep="\n")
        return 0
    if arguments[0] not in names:
        raise SetupError(f"There is no measurement '{arguments[0]}'. Choose one of: {', '.join(names)}.", 2)
    python = prepare("test", TEST_PACKAGES)
    os.chdir(REPOSITORY)
    script = str(BENCHES / f"{arguments[0]}.py")
    command, env = on_screen([python, script, *arguments[1:]], os.environ)
    return run(command, env=env)


def installer(arguments: Sequence[str]) -> int:
    """Build installers, in an environment that holds what they are to hold and nothing else."""
    packaging = REPOSITORY / "packaging"
    folder = Path(os.environ.get("IMGMINE_BUILD") or REPOSITORY / "build" / "installer") / "venv"
    environment = Environment(folder=folder, requirements=packaging / "installer" / "requirements.txt")
    python = prepare("heic,dicom", INSTALLER_PACKAGES, environment)
    return run([python, "-m", "installer", *arguments], env={**os.environ, "PYTHONPATH": str(packaging)})


COMMANDS = {"run": run_program, "test": test, "check": check, "bench": bench, "installer": installer}


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; give the exit code."""
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        say((__doc__ or "").strip())
        return 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except SetupError as error:
        say(str(error))
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
