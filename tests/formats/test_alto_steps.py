"""What was done to a page, as other programs say it."""

import pytest

from htr.document.page import Step
from htr.formats import read


def alto(processing: str) -> bytes:
    return (
        f"<alto><Description>{processing}</Description><Layout><Page ID='p'/></Layout></alto>"
    ).encode()


def test_krakens_steps() -> None:
    data = alto(
        "<Processing ID='OCR_1'><processingCategory>contentGeneration</processingCategory>"
        "<processingStepDescription>Baseline and region segmentation</processingStepDescription>"
        "<processingStepSettings>model: blla; text_direction: horizontal-lr"
        "</processingStepSettings><processingSoftware><softwareName>kraken</softwareName>"
        "<softwareVersion>7.1</softwareVersion></processingSoftware></Processing>"
        "<Processing ID='OCR_2'><processingCategory>contentGeneration</processingCategory>"
        "<processingStepDescription>Text line recognition</processingStepDescription></Processing>"
        "<Processing ID='OCR_3'><processingCategory>preOperation</processingCategory>"
        "<processingStepDescription>Image recognition</processingStepDescription></Processing>"
    )
    settings = (("model", "blla"), ("text_direction", "horizontal-lr"))
    assert read(data).steps == (
        Step("layout", "Baseline and region segmentation", "kraken", "7.1", settings),
        Step("recognition", "Text line recognition"),
        Step("other", "Image recognition"),
    )


def test_another_programs_modification_is_no_correction_by_a_person() -> None:
    data = alto(
        "<Processing ID='x'><processingCategory>contentModification</processingCategory>"
        "<processingStepDescription>Spelling</processingStepDescription></Processing>"
    )
    assert [step.kind for step in read(data).steps] == ["other"]
    assert not read(data).corrected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("fast mode", (("settings", "fast mode"),)),
        ("a: 1; fast", (("settings", "a: 1; fast"),)),
        ("a: 1; b: x: y;", (("a", "1"), ("b", "x: y"))),
        ('{"a": 1, "b": {"c": null}, "d": "e"}', (("a", "1"), ("b", '[["c", null]]'), ("d", "e"))),
        ('["a"]', (("settings", '["a"]'),)),
        ("{}", ()),
        ("[" * 100_000, (("settings", "[" * 100_000),)),
    ],
)
def test_settings_of_every_kind(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    data = alto(
        f"<Processing ID='x'><processingStepSettings>{text}</processingStepSettings></Processing>"
    )
    assert read(data).steps[0].settings == expected
