"""The beam finds the text that all paths together make likeliest; letters are where they stand."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from htr.engine.decoding import Greedy, Reading
from htr.engine.language.alignment import align
from htr.engine.language.arrays import Doubles, Ints
from htr.engine.language.beam import search
from htr.engine.language.decoder import BeamDecoder
from htr.engine.language.scoring import Scorer
from htr.engine.language.steps import steps_of

TEXTS = {1: "a", 2: "b", 3: " "}
CODEC = SimpleNamespace(
    strict=False, l2c={(label,): text for label, text in TEXTS.items()}, l2c_single=TEXTS
)


class Likes:
    """A model with two states: it likes one letter, but not twice running."""

    start, states = 0, 2

    def __init__(self, letter: str, much: float) -> None:
        self._letter, self._much = letter, much

    def symbol(self, letter: str) -> int:
        return int(letter == self._letter)

    def step(self, states: Ints, symbols: Ints) -> tuple[Ints, Doubles]:
        return symbols.copy(), np.where((symbols == 1) & (states == 0), self._much, 1.0)

    def end(self, states: Ints) -> Doubles:
        return np.where(states == 1, 0.5, 1.0)

    def of(self, text: str) -> float:
        """What a whole text weighs."""
        pairs = zip("\0" + text, text, strict=False)
        liked = sum(new == self._letter != old for old, new in pairs)
        return self._much**liked * (0.5 if text.endswith(self._letter) else 1.0)


def logits(chances: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.log(chances)).float().unsqueeze(1)


def spelt(path: tuple[int, ...]) -> str:
    labels = [label for at, label in enumerate(path) if at == 0 or label != path[at - 1]]
    return "".join(TEXTS[label] for label in labels if label)


def by_all_paths(chances: np.ndarray, model: Likes | None) -> dict[str, float]:
    weights: dict[str, float] = {}
    for path in product(range(chances.shape[1]), repeat=len(chances)):
        text = spelt(path)
        weight = float(np.prod([chances[at, label] for at, label in enumerate(path)]))
        weights[text] = weights.get(text, 0) + weight
    weights = {text: weight * (model.of(text) if model else 1) for text, weight in weights.items()}
    return {text: weight / sum(weights.values()) for text, weight in weights.items()}


_outputs = st.lists(
    st.lists(st.floats(0.2, 1), min_size=4, max_size=4), min_size=1, max_size=4
).map(lambda rows: np.array([np.array(row) / sum(row) for row in rows]))


@settings(max_examples=60, deadline=None)
@given(chances=_outputs, model=st.none() | st.builds(Likes, st.sampled_from("ab "), st.just(3.0)))
def test_the_beam_weighs_texts_as_all_their_paths_do(
    chances: np.ndarray, model: Likes | None
) -> None:
    expected = by_all_paths(chances, model)
    scorer = Scorer([] if model is None else [model], TEXTS)
    output = logits(chances)
    found = search(steps_of(output, torch.tensor([len(chances)])), scorer, 400)
    shares = {
        "".join(TEXTS[label] for label in row.tolist() if label): share
        for row, share in zip(found.labels[0], found.shares[0].tolist(), strict=True)
        if share > 0
    }
    for text, share in sorted(expected.items(), key=lambda pair: -pair[1])[:5]:
        assert shares[text] == pytest.approx(share, rel=0.02)
    best = found.labels[0, 0].tolist()
    assert expected["".join(TEXTS[label] for label in best if label)] == pytest.approx(
        max(expected.values()), rel=0.02
    )


def read(output: torch.Tensor, decoder: BeamDecoder | Greedy) -> Reading:
    return decoder(output, torch.tensor([len(output)]))[0]


def clear(labels: list[int], surest: float = 0.97) -> np.ndarray:
    chances = np.full((len(labels), 4), (1 - surest) / 3)
    chances[np.arange(len(labels)), labels] = surest
    return chances


_paths = st.lists(st.integers(0, 3), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(path=_paths)
def test_without_models_clear_letters_are_read_as_by_the_best_labels(path: list[int]) -> None:
    output = logits(clear(path))
    plain, beam = read(output, Greedy(CODEC)), read(output, BeamDecoder(CODEC, []))
    assert beam.characters == plain.characters
    assert beam.starts.tolist() == plain.starts.tolist()
    assert beam.ends.tolist() == plain.ends.tolist()
    assert beam.confidences == pytest.approx(plain.confidences, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(path=_paths, blanks=st.lists(st.integers(0, 3), min_size=20, max_size=20))
def test_steps_that_are_surely_blank_are_left_out_without_a_difference(
    path: list[int], blanks: list[int]
) -> None:
    rows = [
        row
        for label, more in zip(clear(path), blanks, strict=False)
        for row in (label, *([clear([0], 0.999)[0]] * more))
    ]
    output = logits(np.array(rows))
    plain, beam = read(output, Greedy(CODEC)), read(output, BeamDecoder(CODEC, []))
    assert beam.characters == plain.characters
    assert beam.starts.tolist() == plain.starts.tolist()
    assert beam.ends.tolist() == plain.ends.tolist()


def test_lines_do_not_depend_on_those_beside_them() -> None:
    random = np.random.default_rng(3)
    outputs = [logits(random.dirichlet([0.3] * 4, length)) for length in (30, 17, 9)]
    decoder = BeamDecoder(CODEC, [Likes("b", 4.0)], alternatives=2)
    padded = torch.nn.utils.rnn.pad_sequence([one[:, 0] for one in outputs])
    together = decoder(padded, torch.tensor([30, 17, 9]))
    for one, found in zip(outputs, together, strict=True):
        alone = read(one, decoder)
        assert found.characters == alone.characters
        assert found.starts.tolist() == alone.starts.tolist()
        assert found.confidences == pytest.approx(alone.confidences, abs=1e-4)
        assert found.alternatives == alone.alternatives


def test_a_model_decides_between_letters_that_look_alike() -> None:
    chances = clear([1, 0, 1, 0, 3, 0, 1])
    chances[2] = [0.1, 0.5, 0.39, 0.01]
    output = logits(chances)
    assert "".join(read(output, BeamDecoder(CODEC, [])).characters) == "aa a"
    helped = read(output, BeamDecoder(CODEC, [Likes("b", 3.0)], alternatives=1))
    assert "".join(helped.characters) == "ab a"
    # 0.39 x 3 against 0.5 for the other letter and 0.1 for none.
    assert helped.confidences[1] == pytest.approx(1.17 / (1.17 + 0.6), abs=0.03)
    assert helped.confidences[0] > 0.9
    assert helped.alternatives[0] == ("aa",)


def test_other_readings_come_word_by_word_and_are_other_words() -> None:
    chances = clear([1, 0, 3, 0, 2, 0, 3, 0, 1, 0, 2])
    chances[4] = [0.05, 0.4, 0.54, 0.01]
    found = read(logits(chances), BeamDecoder(CODEC, [], alternatives=3))
    assert "".join(found.characters) == "a b ab"
    assert len(found.alternatives) == 3
    assert found.alternatives[1][0] == "a"
    words = "".join(found.characters).split()
    for word, others in zip(words, found.alternatives, strict=True):
        assert word not in others
        assert all(len(other.split()) == 1 for other in others)


def test_nothing_is_read_where_all_is_blank() -> None:
    for surest in (0.97, 0.9999):
        output = logits(clear([0, 0, 0], surest))
        assert read(output, BeamDecoder(CODEC, [], alternatives=2)).characters == ()


def test_a_label_for_several_letters_is_judged_by_all_of_them() -> None:
    scorer = Scorer([Likes("b", 3.0)], {1: "ab", 2: "a"})
    _states, factors = scorer.step(np.zeros(2, np.int64), np.array([1, 2]))
    assert factors.tolist() == [3.0, 1.0]


def test_several_models_are_asked_as_one() -> None:
    scorer = Scorer([Likes("a", 2.0), Likes("b", 5.0)], TEXTS)
    states = np.full(1, scorer.start)
    for label, factor in ((1, 2.0), (1, 1.0), (2, 5.0), (1, 2.0)):
        states, factors = scorer.step(states, np.array([label]))
        assert factors.tolist() == [factor]
    assert scorer.end(states[:, None]).tolist() == [[0.5]]


def test_a_codec_whose_labels_are_no_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="codec"):
        BeamDecoder(SimpleNamespace(strict=False, l2c={(1, 2): "a"}, l2c_single={}), [])


def test_alignment_of_no_text_at_all() -> None:
    steps = steps_of(logits(clear([1, 0])), torch.tensor([2]))
    assert len(align(steps, np.zeros((1, 2), np.int64)).lines) == 0
