"""Exports of other systems, made from the sample register: zips of Transkribus and eScriptorium."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from htr.formats import read_file
from htr.formats.hocr_writer import write_hocr
from htr.formats.page_writer import write_page

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "sample"
NAMES = ("cloture-1875", "mariage-1811")
XLINK = "http://www.w3.org/1999/xlink"


def zipped(path: Path, entries: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return path


def mets(groups: Mapping[str, list[str]]) -> bytes:
    """A METS file as both systems write it: a group a kind of file, a division a page."""
    files, pages = "", ""
    count = len(next(iter(groups.values())))
    for group, hrefs in groups.items():
        inner = "".join(
            f'<file ID="{group}_{n}"><FLocat LOCTYPE="URL" xlink:href="{href}"/></file>'
            for n, href in enumerate(hrefs)
        )
        files += f'<fileGrp USE="{group}" ID="{group}">{inner}</fileGrp>'
    for n in range(count):
        areas = "".join(f'<fptr><area FILEID="{group}_{n}"/></fptr>' for group in groups)
        pages += f'<div ID="PAGE_{n}" ORDER="{n + 1}" TYPE="page">{areas}</div>'
    text = (
        f'<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="{XLINK}"><fileSec>{files}</fileSec>'
        f'<structMap TYPE="PHYSICAL"><div TYPE="document">{pages}</div></structMap></mets>'
    )
    return text.encode()


def image(name: str) -> bytes:
    return (SAMPLE / f"{name}.jpg").read_bytes()


def alto(name: str) -> bytes:
    return (SAMPLE / f"{name}.xml").read_bytes()


def page(name: str) -> bytes:
    found = read_file(SAMPLE / f"{name}.xml")
    return write_page(found, creator="Transkribus", created="2026-11-25T00:00:00Z")


def hocr(*names: str) -> bytes:
    """An hOCR file of several pages."""
    roots = [
        etree.fromstring(
            write_hocr(read_file(SAMPLE / f"{name}.xml"), system="test", number=number)
        )
        for number, name in enumerate(names)
    ]
    bodies = [next(root.iter("{*}body")) for root in roots]
    for body in bodies[1:]:
        bodies[0].extend(body)
    return etree.tostring(roots[0])


def transkribus(
    path: Path, names: tuple[str, ...] = NAMES, more: Mapping[str, bytes] | None = None
) -> Path:
    """A document as Transkribus exports it: images, page/, alto/, mets.xml, metadata.xml."""
    top = "1234567/Registre/"
    entries = {f"{top}metadata.xml": b"<trpDocMetadata><title>Registre</title></trpDocMetadata>"}
    entries[f"{top}mets.xml"] = mets(
        {
            "IMG": [f"{name}.jpg" for name in names],
            "PAGEXML": [f"page/{name}.xml" for name in names],
            "ALTO": [f"alto/{name}.xml" for name in names],
        }
    )
    for name in names:
        entries[f"{top}{name}.jpg"] = image(name)
        entries[f"{top}page/{name}.xml"] = page(name)
        entries[f"{top}alto/{name}.xml"] = alto(name)
    return zipped(path, {**entries, **(more or {})})


def escriptorium(path: Path, names: tuple[str, ...] = NAMES) -> Path:
    """An eScriptorium export: ALTO, images and METS.xml side by side."""
    entries = {
        "METS.xml": mets(
            {"image": [f"{n}.jpg" for n in names], "export": [f"{n}.xml" for n in names]}
        )
    }
    for name in names:
        entries[f"{name}.xml"] = alto(name)
        entries[f"{name}.jpg"] = image(name)
    return zipped(path, entries)


def manifest(base: str, canvases: list[dict[str, Any]], version: int, label: str) -> dict[str, Any]:
    """A Presentation 2 or 3 manifest of canvases of `service`, `width`, `height`, `notes`."""
    if version == 3:
        return {
            "@context": "http://iiif.io/api/presentation/3/context.json",
            "id": f"{base}/manifest.json",
            "type": "Manifest",
            "label": {"fr": [label]},
            "items": [_canvas(base, number, given) for number, given in enumerate(canvases)],
        }
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": f"{base}/manifest.json",
        "@type": "sc:Manifest",
        "label": label,
        "sequences": [
            {
                "@type": "sc:Sequence",
                "canvases": [_old_canvas(base, n, given) for n, given in enumerate(canvases)],
            }
        ],
    }


def _canvas(base: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
    name = f"{base}/canvas/{number}"
    size = {"width": given["width"], "height": given["height"]}
    body = {"id": given.get("image", f"{name}.jpg"), "type": "Image", "format": "image/jpeg"}
    if "service" in given:
        service = {"id": given["service"], "type": "ImageService3", "profile": "level1"}
        body |= {**size, "service": [service]}
    painting = {"type": "Annotation", "motivation": "painting", "body": body, "target": name}
    notes = given.get("notes", [])
    return {
        "id": name,
        "type": "Canvas",
        "label": {"none": [f"f. {number + 1}"]},
        **size,
        "items": [{"type": "AnnotationPage", "items": [painting]}],
        "annotations": [{"id": url, "type": "AnnotationPage"} for url in notes],
    }


def _old_canvas(base: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
    name = f"{base}/canvas/{number}"
    size = {"width": given["width"], "height": given["height"]}
    resource: dict[str, Any] = {"@id": f"{name}.jpg", "@type": "dctypes:Image", **size}
    if "service" in given:
        resource["service"] = {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": given["service"],
            "profile": "http://iiif.io/api/image/2/level1.json",
        }
    painting = {"@type": "oa:Annotation", "motivation": "sc:painting", "resource": resource}
    return {
        "@id": name,
        "@type": "sc:Canvas",
        "label": f"f. {number + 1}",
        **size,
        "images": [{**painting, "on": name}],
    }


def annotations(base: str, number: int, lines: list[tuple[str, str]]) -> bytes:
    """An annotation page of (text, `x,y,w,h`) lines on a canvas."""
    items = [
        {
            "id": f"{base}/note/{number}/{place}",
            "type": "Annotation",
            "motivation": "supplementing",
            "textGranularity": "line",
            "body": {"type": "TextualBody", "value": text, "format": "text/plain"},
            "target": f"{base}/canvas/{number}#xywh={box}",
        }
        for place, (text, box) in enumerate(lines)
    ]
    context = "http://iiif.io/api/presentation/3/context.json"
    return json.dumps({"@context": context, "type": "AnnotationPage", "items": items}).encode()
