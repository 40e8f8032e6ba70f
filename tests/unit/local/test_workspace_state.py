"""Jobs and their children, as the workspace keeps them."""

from datetime import UTC, datetime

from tests.local.workspace.lives import Life
from tests.local.workspace.state import Job, Jobs


def added(jobs: Jobs, name: str, parent: Job | None = None) -> Job:
    return jobs.add(
        name,
        {},
        life=Life(),
        visible_from=datetime(2020, 1, 1, tzinfo=UTC),
        created_by="somebody",
        parent=parent,
    )


def named(jobs: list[Job]) -> list[str]:
    return [job.name for job in jobs]


def test_a_child_knows_its_parent_and_the_root_of_all() -> None:
    jobs = Jobs()
    pipeline = added(jobs, "pipeline")
    sweep = added(jobs, "sweep", pipeline)

    trial = added(jobs, "trial", sweep)

    assert (pipeline.parent, pipeline.root) == (None, "pipeline")
    assert (sweep.parent, sweep.root) == ("pipeline", "pipeline")
    assert (trial.parent, trial.root) == ("sweep", "pipeline")


def test_lists_leave_children_out_and_their_parent_gives_its_own() -> None:
    jobs = Jobs()
    pipeline = added(jobs, "pipeline")
    first = added(jobs, "first", pipeline)
    added(jobs, "grandchild", first)
    added(jobs, "second", pipeline)

    assert named(list(jobs.newest_first())) == ["pipeline"]
    assert named(jobs.children(pipeline)) == ["second", "first"]


def test_a_job_goes_with_all_that_descends_from_it() -> None:
    jobs = Jobs()
    pipeline = added(jobs, "pipeline")
    added(jobs, "grandchild", added(jobs, "child", pipeline))
    added(jobs, "other")

    jobs.remove(pipeline)

    assert named(jobs.everyone()) == ["other"]


def test_a_job_has_no_children_of_one_that_had_its_name_before() -> None:
    jobs = Jobs()
    added(jobs, "child", added(jobs, "name"))

    again = added(jobs, "name")

    assert jobs.children(again) == []
