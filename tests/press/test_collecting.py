"""When is not looked for what nobody can reach any more?"""

import gc

import pytest

from alsoread.press.collecting import uncollected
from alsoread.press.pool import run_over


def test_nothing_is_looked_through_for_the_time_of_a_block() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_whatever_ends_a_block_the_collector_goes_on() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()


def test_processes_that_are_forked_meanwhile_collect() -> None:
    with uncollected():
        found = run_over(lambda number: gc.isenabled(), range(4), jobs=2, share=2)
    assert found == [True] * 4
