"""Many ask while one changes: run as a process of its own, with a database file that is thrown away."""

import subprocess
import sys
import threading
import time

PATIENCE_SECONDS = 60
"""Only so that nothing hangs forever: what is slow on a busy machine is not wrong."""


def main(what: str = "") -> None:
    import django

    django.setup()
    from django.core.management import call_command

    if what == "watch":
        watch()
        return
    call_command("migrate", verbosity=0)
    from tests import make

    for number in range(20):
        make.service(f"Group {number}")
    for scene in (processes, behind, threads):
        scene(shown())
    print("done")


def shown() -> int:
    """How many services there are for somebody who asks now."""
    from django.utils import timezone

    from entero.directory import live
    from entero.directory.matching.match import match
    from entero.directory.matching.profile import Profile

    return match(live.directory(), Profile(today=timezone.localdate())).total


def hide_one() -> None:
    from django.db import transaction

    from entero.directory import changes
    from entero.directory.models import Service, Visibility

    with transaction.atomic():
        one = Service.objects.public().order_by("id")[:1].get()
        Service.objects.filter(pk=one.pk).update(visibility=Visibility.STAFF)
        changes.service_changed(one.pk)


def threads(before: int) -> None:
    """Threads are answered, with the whole directory, while the index is built anew again and again."""
    from django.db import connections

    from entero.directory import live

    stop, answers, trouble = threading.Event(), list[int](), list[str]()

    def ask() -> None:
        try:
            while not stop.is_set():
                answers.append(shown())
        except Exception as error:
            trouble.append(repr(error))
        finally:
            connections.close_all()

    started = [threading.Thread(target=ask) for _ in range(4)]
    for thread in started:
        thread.start()
    for _ in range(3):
        live.rebuild()
    hide_one()
    until(lambda: shown() == before - 1)
    live.rebuild()
    stop.set()
    for thread in started:
        thread.join()
    assert trouble == []
    assert set(answers) == {before - 1, before}
    assert shown() == answers[-1] == before - 1


def processes(before: int) -> None:
    """A second process, which shares the files of the index, sees a change of this one."""
    from entero.directory import live

    live.rebuild()
    command = [sys.executable, "-m", "tests.directory.live_race", "watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == f"{before}\n"
        hide_one()
        assert watcher.stdout.readline() == f"{before - 1}\n"
    assert watcher.returncode == 0


def watch() -> None:
    before = shown()
    print(before, flush=True)
    until(lambda: shown() != before)
    print(shown(), flush=True)


def behind(before: int) -> None:
    """A thread that answers somebody is answered by the old index; the new one is built behind the scenes."""
    from django.db import connections
    from django.utils import timezone

    from entero.directory import changes, live
    from entero.directory.matching.match import match
    from entero.directory.matching.profile import Profile
    from tests import make

    make.service("New")
    changes.everything_changed()
    answers: list[int] = []

    def ask() -> None:
        answers.append(match(live.refresh(), Profile(today=timezone.localdate())).total)
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert answers == [before]
    assert live._keeper.rebuilding is not None
    live._keeper.rebuilding.join()
    assert shown() in {before, before + 1}
    live.refresh()
    assert shown() == before + 1
    assert len(live.directory().parts) == 1


def until(holds: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
