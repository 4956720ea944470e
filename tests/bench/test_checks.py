"""The bench must not call a wrong answer a fast one."""

import pytest

from tests.bench.__main__ import say_times
from tests.bench.catalogue import Words
from tests.bench.rounds import FLOOR, SEARCH, Measures


def test_oracle_takes_beginnings_of_words_in_any_order() -> None:
    words = Words(["Fjord Trail Shoe Red 42", "Trail T-Shirt", "Rain Jacket"])
    assert words.fitting("sh tr") == {0, 1}
    assert words.fitting("shoe 42") == {0}
    assert words.fitting("hoe") == set()


def test_wrong_answer_prints_fail_instead_of_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    measures = Measures()
    measures.keep(FLOOR, 0.001)
    measures.keep(SEARCH, 0.002)
    measures.keep(SEARCH, 0.002, "'tr': 3 items of 20")
    say_times(measures)
    said = capsys.readouterr().out
    assert f"| {SEARCH} | 2 | FAIL | FAIL |" in said
    assert "1 wrong answers, the first: 'tr': 3 items of 20" in said
    assert "| the floor | 1 | 1.00 | 1.00 |" in said
