"""What the training of a segmenter is told."""

from __future__ import annotations

from dataclasses import dataclass

from htr.training.layout.kinds import Merge, Wording

SCRATCH, DEFAULT = "none", "default"
_FRESH, _FURTHER = 5e-4, 1e-4  # highest learning rates: of random weights, of a base's

# A quarter of the default network's width and two thirds of its height; wide convolutions (the
# last two numbers are dilations) see along a line what its recurrent layers do not have to.
LEAN_SPEC = (
    "[1,1200,0,1 Cr5,5,32,2,2 Gn16 Cr3,3,64,2,2 Gn32 Cr3,3,64 Gn32 Cr3,3,96,1,1,2,2 Gn32 "
    "Cr3,3,96,1,1,4,4 Gn32 Cr3,3,96,1,1,8,8 Gn32 Cr1,1,48 Gn16 Lbx24 Lby24]"
)


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """How a segmenter is trained.

    `base` is a model file, None or `default` for the segmenter that ships with kraken, or `none` to
    begin with random weights in the network of `spec` (VGSL without its output; None for the usual
    one). A share `held_out` of the pages is measured on, or the pages in `held_out_pages`. The
    training ends after `passes` over the pages, after `minutes` in all, or when `patience` rounds
    of `round_pages` pages have brought nothing. Regions and lines are renamed as `merge_regions`
    and `merge_lines` say (see `Merge.parse`). With `all_lines`, pages count too that htr has
    transcribed and nobody has corrected. `learning_rate` is the highest, None for the usual one.
    """

    base: str | None = None
    spec: str | None = None
    all_lines: bool = False
    held_out: float = 0.1
    held_out_pages: tuple[str, ...] = ()
    passes: int = 30
    minutes: float | None = None
    patience: int = 10
    round_pages: int = 40
    learning_rate: float | None = None
    augment: bool = True
    merge_regions: tuple[str, ...] = ()
    merge_lines: tuple[str, ...] = ()
    seed: int = 0
    device: str = "cpu"
    threads: int | None = None
    resume: bool = False

    @property
    def scratch(self) -> bool:
        """Whether the network begins with random weights."""
        return self.base == SCRATCH

    @property
    def peak(self) -> float:
        """The highest learning rate."""
        return self.learning_rate or (_FRESH if self.scratch else _FURTHER)

    @property
    def seconds(self) -> float | None:
        """How long the training may take in all."""
        return None if self.minutes is None else 60 * self.minutes

    @property
    def wording(self) -> Wording:
        """How the pages' words for regions and lines become those that are learned.

        Raises UsageProblem for a merge that is none.
        """
        return Wording(
            tuple(map(Merge.parse, self.merge_regions)), tuple(map(Merge.parse, self.merge_lines))
        )
