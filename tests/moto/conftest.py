"""A server for the tests and clients of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = Path(__file__).parent
MANAGEMENT = "123456789012"
MEMBER = "222222222222"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
ONE_ATTEMPT = Config(
    retries={"total_max_attempts": 1}, read_timeout=2, s3={"addressing_style": "path"}
)
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class Server:
    """A running server and its clients."""

    def __init__(self, url: str) -> None:
        self.url = url

    def admin(self, method: str, path: str, **payload: Any) -> Any:
        """Calls the admin API, which must accept it."""
        response = requests.request(
            method, f"{self.url}/sonae-test/{path}", json=payload
        )
        assert response.status_code == 200, response.text
        return response.json()

    def enforce_iam(self, enforced: bool = True) -> None:
        """Turns IAM enforcement on or off."""
        response = requests.post(
            f"{self.url}/moto-api/reset-auth",
            data="0" if enforced else "inf",
            headers={"Content-Type": "text/plain"},
        )
        response.raise_for_status()

    def client(
        self,
        service: str,
        region: str = TOKYO,
        account: str = MANAGEMENT,
        key: tuple[str, str] = ("TESTKEY0000000000000", "secret"),
    ) -> BaseClient:
        """A client that acts in an account: with the key, or in a role that it assumes."""
        keys = {"aws_access_key_id": key[0], "aws_secret_access_key": key[1]}
        if account != MANAGEMENT:
            role = f"arn:aws:iam::{account}:role/SonaeReadOnly"
            sts = self.client("sts", key=key)
            granted = sts.assume_role(RoleArn=role, RoleSessionName="test")[
                "Credentials"
            ]
            keys = {
                "aws_access_key_id": granted["AccessKeyId"],
                "aws_secret_access_key": granted["SecretAccessKey"],
                "aws_session_token": granted["SessionToken"],
            }
        return boto3.client(
            service, region, endpoint_url=self.url, config=ONE_ATTEMPT, **keys
        )


@pytest.fixture(scope="session")
def process() -> Iterator[subprocess.Popen[str]]:
    """The server's process."""
    command = [sys.executable, str(HERE / "server.py"), "--port", "0"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.fixture(scope="session")
def running(process: subprocess.Popen[str]) -> Server:
    """The server, started."""
    assert process.stdout is not None
    greeting, url = process.stdout.readline().split()
    assert greeting == "listening"
    return Server(url)


@pytest.fixture
def server(running: Server) -> Server:
    """The server, empty."""
    running.admin("POST", "reset")
    return running


def code_of(call: Callable[[], Any]) -> tuple[str, int]:
    """The error code and HTTP status with which a call fails."""
    with pytest.raises(ClientError) as raised:
        call()
    response = raised.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
