"""The software bill of materials, as CycloneDX 1.5 in JSON: what is bundled, in which version, under which licence."""

import datetime
import json
import uuid
from pathlib import Path
from typing import Any

from installer.inventory import Component, components
from installer.plan import NAME, TITLE, epoch, version


def document(frozen: Path) -> str:
    """The bill of the frozen program; the same program on the same date gives the same text."""
    own, *others = components(frozen)
    told = [_component(one) for one in others]
    seed = json.dumps(told) + version()
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(epoch(), datetime.UTC).isoformat(),
            "component": {"type": "application", "bom-ref": NAME, "name": TITLE, "version": own.version,
                          "licenses": [{"license": {"id": own.licence}}]},
        },
        "components": told,
        "dependencies": [{"ref": NAME, "dependsOn": [one["bom-ref"] for one in told]}],
    }  # fmt: skip
    return json.dumps(made, indent=1) + "\n"


def _component(one: Component) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.purl or f"{one.name}@{one.version}",
        "name": one.name,
        "version": one.version,
        "licenses": [{"expression": one.licence}],
    }
    return {**told, "purl": one.purl} if one.purl else told
