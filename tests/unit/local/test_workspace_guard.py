"""Which process groups are left when the workspace goes."""

from tests.local.workspace.guard import keep


def test_the_groups_left_are_those_not_forgotten() -> None:
    told = ["+7\n", "+8\n", "-7\n", "+9\n"]

    assert keep(told) == {8, 9}


def test_a_group_may_be_forgotten_twice() -> None:
    assert keep(["+7\n", "-7\n", "-7\n"]) == set()
