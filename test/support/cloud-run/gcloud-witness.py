"""Google's own program, loaded once: a command in (JSON, a line each), its exit status and what it printed out.

Started with a channel as Node gives it to the programs that it forks (NODE_CHANNEL_FD: lines of JSON both ways).
"""

import io
import json
import os
import socket
import sys

LIBRARY = sys.argv[1]
sys.path.insert(0, LIBRARY)

# The steps of lib/gcloud.py, up to where it would run the one command of its own command line.
import gcloud  # noqa: E402

sys.path = gcloud.reorder_sys_path(sys.path)
gcloud._fix_google_module()
gcloud_main = gcloud._import_gcloud_main()

from googlecloudsdk.core import log  # noqa: E402
from googlecloudsdk.core.credentials import creds_context_managers  # noqa: E402

cli = gcloud_main.CreateCLI([])


def run(args):
    stdout, stderr = io.StringIO(), io.StringIO()
    sys.stdout, sys.stderr = stdout, stderr
    log.Reset(stdout, stderr)
    try:
        cli.Execute(args)
        status = 0
    except SystemExit as end:
        status = end.code or 0
    return {"status": status, "stdout": stdout.getvalue(), "stderr": stderr.getvalue()}


channel = socket.socket(fileno=int(os.environ.pop("NODE_CHANNEL_FD"))).makefile("rw")
with creds_context_managers.CredentialProvidersManager(None):
    for line in channel:
        channel.write(json.dumps(run(json.loads(line)["args"])) + "\n")
        channel.flush()
