"""From files to a decoder: language models and lexicons are read once a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htr.engine.language.automaton import LanguageModel
from htr.engine.language.decoder import BeamDecoder
from htr.engine.language.lexicon import Lexicon, read_lexicon
from htr.engine.language.ngrams import unpacked
from htr.errors import BrokenModel, UnknownModel
from htr.i18n import _

if TYPE_CHECKING:
    from htr.engine import LanguageSpec
    from htr.engine.language.scoring import LetterModel
    from htr.engine.models import LanguageWeights, ModelFile

BONUS = 0.5  # nats a letter of a word in the lexicon


def language_decoder(codec: Any, spec: LanguageSpec) -> BeamDecoder:
    """Return the decoder that a spec asks for, of a recogniser with this codec of kraken.

    Raises BrokenModel for a file that is no language model, and for a recogniser that cannot be
    read with one; NotFound, InputError and NothingToDo for a lexicon.
    """
    models: list[LetterModel] = []
    if spec.model is not None:
        models.append(_language_model(spec.model, spec.weights))
    if spec.lexicon is not None:
        models.append(Lexicon(read_lexicon(spec.lexicon.path), BONUS))
    try:
        return BeamDecoder(codec, models, alternatives=spec.alternatives)
    except ValueError as error:
        raise BrokenModel(
            _("This recogniser's labels are no letters, so no language model fits it."),
            hint=_("Give --language-model none, and neither --lexicon nor --alternatives."),
        ) from error


def _language_model(file: ModelFile, weights: LanguageWeights) -> LanguageModel:
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise UnknownModel(
            _("This model file cannot be read ({reason}).").format(reason=error.strerror),
            path=file.path,
            hint=_("Check the path, or take a model that `htr models list` names."),
        ) from error
    try:
        return LanguageModel(unpacked(data, file.path), weight=weights.weight, bonus=weights.bonus)
    except ValueError as error:
        raise BrokenModel(
            _("This language model is damaged."),
            path=file.path,
            hint=_("Copy or train it again."),
        ) from error
