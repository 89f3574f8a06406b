"""What was done to a page: ALTO's `Processing` (4.x) and `OCRProcessing` (before) elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import get_args

from lxml import etree

from htr.document.page import Step, StepKind
from htr.formats.safe_xml import child, child_text, children, legal, local_name

_CATEGORIES: dict[StepKind, str] = {
    "layout": "contentGeneration",
    "recognition": "contentGeneration",
    "correction": "contentModification",
    "other": "other",
}
# The forms of xsd:date, xsd:dateTime, xsd:gYearMonth and xsd:gYear that the schema's dateTime has.
_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"
_DATE_TIME = re.compile(
    rf"[1-9]\d{{3}}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?{_ZONE}", flags=re.ASCII
)
_MONTH = re.compile(rf"[1-9]\d{{3}}(?:-(?:0[1-9]|1[0-2]))?{_ZONE}", flags=re.ASCII)


def steps(description: etree._Element | None) -> Iterator[Step]:
    """Return the steps of a `Description` element, in its order."""
    for processing in children(description, "OCRProcessing", "Processing"):
        if local_name(processing) == "Processing":
            yield _step(processing)
        for part in children(
            processing, "preProcessingStep", "ocrProcessingStep", "postProcessingStep"
        ):
            yield _step(part)


def _step(element: etree._Element) -> Step:
    software = child(element, "processingSoftware")
    described = [part.text or "" for part in children(element, "processingStepDescription")]
    if len(described) == 2 and described[0] in get_args(StepKind):
        kind, description = described
    else:
        description = "; ".join(text.strip() for text in described)
        kind = _kind(element, description.lower())
    return Step(
        kind=next(known for known in get_args(StepKind) if known == kind),
        description=description,
        software=child_text(software, "softwareName"),
        version=child_text(software, "softwareVersion"),
        settings=_settings(child_text(element, "processingStepSettings") or ""),
        date=child_text(element, "processingDateTime"),
        agency=child_text(element, "processingAgency"),
    )


def _kind(element: etree._Element, description: str) -> StepKind:
    """Return what another program's step most likely was; never a person's correction."""
    if local_name(element) == "ocrProcessingStep":
        return "recognition"
    if "contentGeneration" not in (child_text(element, "processingCategory") or ""):
        return "other"
    if "segmentation" in description or "layout" in description:
        return "layout"
    return "recognition" if "recogni" in description else "other"


def _settings(text: str) -> tuple[tuple[str, str], ...]:
    """Return settings from our JSON object, from kraken's `name: value; ...`, or as they stand."""
    try:
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        pairs = None
    if isinstance(pairs, tuple):
        return tuple(
            (name, value if isinstance(value, str) else json.dumps(value)) for name, value in pairs
        )
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if parts and all(": " in part for part in parts):
        named = (part.partition(": ") for part in parts)
        return tuple((name, value) for name, _colon, value in named)
    return (("settings", text.strip()),) if text.strip() else ()


def add_steps(description: etree._Element, page_steps: Sequence[Step], ids: Sequence[str]) -> None:
    """Append a `Processing` element for each step, under these IDs."""
    for step, name in zip(page_steps, ids, strict=True):
        element = _add(description, "Processing")
        element.set("ID", name)
        _add(element, "processingCategory", _CATEGORIES[step.kind])
        if step.date is not None and is_date(step.date):
            _add(element, "processingDateTime", step.date)
        if step.agency is not None:
            _add(element, "processingAgency", step.agency)
        # ALTO's categories do not tell layout from recognition, so the kind is spelt out first.
        _add(element, "processingStepDescription", step.kind)
        _add(element, "processingStepDescription", step.description)
        if step.settings:
            _add(element, "processingStepSettings", _settings_text(step.settings))
        if step.software is not None or step.version is not None:
            software = _add(element, "processingSoftware")
            if step.software is not None:
                _add(software, "softwareName", step.software)
            if step.version is not None:
                _add(software, "softwareVersion", step.version)


def _settings_text(settings: tuple[tuple[str, str], ...]) -> str:
    # By pairs, since a name may come twice, which no dict can hold.
    return "{" + ", ".join(f"{_quoted(name)}: {_quoted(value)}" for name, value in settings) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=legal(text) != text)


def is_date(text: str) -> bool:
    """Return whether a text is a date, or date and time, of a form that ALTO's schema has."""
    if _MONTH.fullmatch(text):
        return True
    try:
        return bool(
            _DATE_TIME.fullmatch(text)
            and datetime.fromisoformat(text[:19] if "T" in text else text[:10])
        )
    except ValueError:
        return False


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    namespace = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text is not None:
        element.text = legal(text)
    return element
