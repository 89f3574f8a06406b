"""PAGE's `Metadata`: the image's digest and what was done to the page, as `MetadataItem`s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from lxml import etree

from htr.document.page import Page, Step, StepKind
from htr.formats.alto_steps import is_date
from htr.formats.safe_xml import children, legal

_MODEL = "htr"
_DIGEST = "sha256"


def add_metadata(root: etree._Element, page: Page, *, creator: str, created: str) -> None:
    """Append a page's `Metadata`; `created` is an `xsd:dateTime` in UTC.

    A step is a `MetadataItem` of type `processingStep`, named by its kind, with two sets of labels:
    `step` (software, version, agency, and the date where it is no `xsd:dateTime`) and `settings`.
    """
    metadata = _add(root, "Metadata")
    _add(metadata, "Creator").text = legal(creator)
    for name in ("Created", "LastChange"):
        _add(metadata, name).text = created
    digest = page.image.sha256
    if digest is not None:
        _add(metadata, "MetadataItem", type="imageProperties", name=_DIGEST, value=digest)
    for step in page.steps:
        _add_step(metadata, step)


def _add_step(metadata: etree._Element, step: Step) -> None:
    item = _add(
        metadata, "MetadataItem", type="processingStep", name=step.kind, value=step.description
    )
    date = step.date
    if date is not None and "T" in date and is_date(date):
        item.set("date", date)
        date = None
    facts = {
        "software": step.software,
        "version": step.version,
        "agency": step.agency,
        "date": date,
    }
    known = [(name, value) for name, value in facts.items() if value is not None]
    for name, pairs in (("step", known), ("settings", list(step.settings))):
        if pairs:
            labels = _add(item, "Labels", externalModel=_MODEL, externalId=name)
            for kind, value in pairs:
                _add(labels, "Label", value=value, type=kind)


def _add(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    for key, value in attributes.items():
        element.set(key, legal(value))
    return element


def sha256(metadata: etree._Element | None) -> str | None:
    """Return the digest that our writer gives among the image's properties, or None."""
    for item in children(metadata, "MetadataItem"):
        if item.get("type") == "imageProperties" and item.get("name") == _DIGEST:
            return item.get("value")
    return None


def steps(metadata: etree._Element | None) -> Iterator[Step]:
    """Return the steps of a `Metadata` element, ours and those that OCR-D's processors write."""
    for item in children(metadata, "MetadataItem"):
        if item.get("type") == "processingStep":
            yield _step(item)


def _step(item: etree._Element) -> Step:
    sets = {
        labels.get("externalId"): [
            (label.get("type", ""), label.get("value", "")) for label in children(labels, "Label")
        ]
        for labels in children(item, "Labels")
    }
    facts = dict(sets.get("step", ()))
    return Step(
        kind=_kind(item.get("name", "")),
        description=item.get("value", ""),
        software=facts.get("software"),
        version=facts.get("version"),
        settings=tuple(sets.get("settings", sets.get("parameters", ()))),
        date=item.get("date") or facts.get("date"),
        agency=facts.get("agency"),
    )


def _kind(name: str) -> StepKind:
    """Return the kind that a name begins with: OCR-D has `layout/segmentation/region`."""
    first = name.partition("/")[0]
    return next((kind for kind in get_args(StepKind) if kind == first), "other")
