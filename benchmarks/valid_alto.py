"""Validate all ALTO files below a folder against ALTO 4.2, 4.3 and 4.4, without the network.

    python benchmarks/valid_alto.py OUT ../shared/schemas

SCHEMAS holds alto-4-2.xsd, alto-4-3.xsd, alto-4-4.xsd and xlink.xsd, as the Library of Congress
publishes them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from lxml import etree

_VERSIONS = ("4-2", "4-3", "4-4")


class _Offline(etree.Resolver):
    """Finds the XLink schema beside the others, whatever address they give for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, *context: Any) -> Any:  # noqa: ARG002
        path = self._folder / system_url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(path), *context)  # type: ignore[attr-defined]


def main() -> int:
    """Print what is not valid and the count of files; return 1 if anything was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("schemas", type=Path)
    arguments = parser.parse_args()
    xsd = etree.XMLParser()
    xsd.resolvers.add(_Offline(arguments.schemas))
    files = sorted(arguments.folder.rglob("*.xml"))
    trees = {path: etree.parse(str(path)) for path in files}
    wrong = 0
    for version in _VERSIONS:
        schema = etree.XMLSchema(etree.parse(str(arguments.schemas / f"alto-{version}.xsd"), xsd))
        for path, tree in trees.items():
            if not schema.validate(tree):
                wrong += 1
                print(f"{path}: not valid against {version}: {schema.error_log}")
    print(f"{len(files)} files, {wrong} failures against {', '.join(_VERSIONS)}")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
