"""What the worker does for the directory."""

from django_tasks import task

from entero.directory import actions, queries


@task()
def import_kept_file(run_id: int) -> None:
    """Import the file that waits under a run."""
    run = queries.import_run(run_id)
    if run is not None:
        actions.carry_out(run)
