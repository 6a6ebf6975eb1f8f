"""Acts of several people at the same moment, each in a thread and a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from denggao.foundation.audit.actions import Refused


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each: ``done``, the name of the refusal, or the error as it stands; sorted."""
    gate = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            act()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(type(refusal).__name__)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)
