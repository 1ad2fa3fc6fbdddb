"""What each program shares: the lines that it prints, and that it reaches nothing but this machine."""

import os
import sys
from importlib.metadata import version

PREFIX = "As a mock AI assistant, I can only echo your last message: "
LOCAL = {None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", b"::1"}

# What the libraries would send, or fetch, on their own.
os.environ.update(
    DO_NOT_TRACK="1",
    HF_HUB_OFFLINE="1",
    LANGSMITH_TRACING="false",
    LITELLM_LOCAL_MODEL_COST_MAP="True",
    LITELLM_TELEMETRY="False",
)


def stay_here(event, arguments):
    """Fails where anything else than this machine is looked up or connected to."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOCAL:
        # Past every `except` that would make a detour of it.
        print(f"{event}: {host!r} is not this machine", file=sys.stderr, flush=True)
        os._exit(1)


sys.addaudithook(stay_here)


def library(package, *beside):
    """Says which library the next lines are about, and what is used beside it."""
    others = ", ".join(f"{other} {version(other)}" for other in beside)
    print("library", package, version(package), f"({others})" if others else "", flush=True)


def ok(what):
    """Says what was done and found right."""
    print("ok", what, flush=True)
