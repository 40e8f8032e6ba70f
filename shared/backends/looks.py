"""Many looks at once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context

from shared.errors import JobrelayError
from shared.runs import Observation

THREADS = 16


def looks(
    find: Callable[[str], Observation | None], run_ids: Iterable[str]
) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
    """Look for each job once, in many threads; what one look raises is its answer."""

    def look(run_id: str) -> Observation | JobrelayError | None:
        try:
            return find(run_id)
        except JobrelayError as exc:
            return exc

    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="look")
    try:
        # Each goes on, for operators, with what the caller is doing.
        begun = {
            pool.submit(copy_context().run, look, run_id): run_id
            for run_id in dict.fromkeys(run_ids)
        }
        for each in as_completed(begun):
            yield begun[each], each.result()
    finally:
        # Who stops asking does not wait for looks that nobody will read.
        pool.shutdown(wait=False, cancel_futures=True)
