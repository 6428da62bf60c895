"""A moto server with the answers that moto lacks, for Sonae's live tests.

Prints `listening http://127.0.0.1:PORT` and serves until it is killed or its
standard input closes, so that it does not outlive the test run that started it.
"""

import argparse
import logging
import os
import sys
import threading
import warnings


def main() -> None:
    """Starts the server."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--ignore-stdin",
        action="store_true",
        help="keep serving when standard input closes",
    )
    parser.add_argument(
        "--managed-policies",
        action="store_true",
        help="know the AWS managed IAM policies",
    )
    arguments = parser.parse_args()

    # Moto reads these when it is imported.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = str(
        arguments.managed_policies
    ).lower()
    os.environ.pop("MOTO_ACCOUNT_ID", None)
    from werkzeug.serving import make_server

    from extension.gateway import Gateway

    warnings.simplefilter("ignore")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", arguments.port, Gateway(), threaded=True)
    print(f"listening http://127.0.0.1:{server.server_port}", flush=True)
    # Moto prints now and then; nobody reads standard output from here on.
    sys.stdout = sys.stderr
    if not arguments.ignore_stdin:
        threading.Thread(target=_exit_with_stdin, daemon=True).start()
    server.serve_forever()


def _exit_with_stdin() -> None:
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
