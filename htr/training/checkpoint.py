"""A training's state on the disk, so that it goes on after a kill as if nothing had been."""

from __future__ import annotations

import io
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from htr.errors import InputError
from htr.i18n import _
from htr.pipeline.files import write_whole
from htr.training.outcome import Moment

if TYPE_CHECKING:
    from htr.training.loop import Training


class Checkpoint:
    """A file that holds weights and state; `purpose` tells trainings of other things apart."""

    def __init__(self, path: Path, purpose: str, *, resume: bool) -> None:
        self._path = path
        self._purpose = purpose
        self._resume = resume

    def keep(self, training: Training) -> None:
        """Write where a training stands; raises OutputError."""
        buffer = io.BytesIO()
        state = asdict(training.state)
        torch.save(
            {
                "purpose": self._purpose,
                "state": state,
                "model": training.model.state_dict(),
                "average": training.average.state_dict(),
                "best": training.best.state_dict(),
                "optimizer": training.optimizer.state_dict(),
                "random": torch.get_rng_state(),
            },
            buffer,
        )
        write_whole(self._path, buffer.getvalue())

    def restore(self, training: Training) -> None:
        """Bring a training to where it stood, if it is to go on and there is a file.

        Raises InputError where the file is damaged or of another training.
        """
        if not self._resume or not self._path.exists():
            return
        kept = self._read()
        if kept.get("purpose") != self._purpose:
            raise InputError(
                _("This is where another training stood: its lines or settings were others."),
                path=self._path,
                hint=_("Leave --resume out to begin anew, or give the same lines and settings."),
            )
        training.model.load_state_dict(kept["model"])
        training.average.load_state_dict(kept["average"])
        training.best.load_state_dict(kept["best"])
        training.optimizer.load_state_dict(kept["optimizer"])
        torch.set_rng_state(kept["random"])
        state = kept["state"]
        training.state = type(training.state)(
            **{**state, "moments": [Moment(**moment) for moment in state["moments"]]}
        )

    def remove(self) -> None:
        """Remove the file when the training has ended."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = torch.load(self._path, weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
            raise InputError(
                _("This checkpoint cannot be read ({reason}).").format(
                    reason=str(error).splitlines()[0][:200]
                ),
                path=self._path,
                hint=_("Leave --resume out to begin anew."),
            ) from error
        return kept
