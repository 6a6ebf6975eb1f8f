"""A real worker process with one slow job, to be killed by a test."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denggao.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 -- the settings come first

from denggao.foundation.jobs.registry import KINDS, job  # noqa: E402 -- the settings come first

KINDS.clear()


@job("test.slow", attempts=3)
def slow(arguments, progress):
    progress(1, 2)
    while not os.path.exists(arguments["until"]):
        time.sleep(0.02)
        progress(1, 2)
    progress(2, 2)
    return {"pid": os.getpid()}


if __name__ == "__main__":
    call_command("work")
