"""Clients into every account of the organisation, and the list of what was made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import boto3
import requests
from botocore.client import BaseClient
from botocore.config import Config

MANAGEMENT = "123456789012"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
REGIONS = (TOKYO, OSAKA)

# Text that a report must show as it is: never as markup, formula or second line.
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
JAPANESE = "請求システム（本番）"
EMOJI = "🗾🔥 東京→大阪"
NEWLINE = "first line\nsecond line"


def long_text(length: int) -> str:
    """Text of a length, of characters that take three bytes each."""
    return ("備えあれば憂いなし" * (length // 9 + 1))[:length]


def tags(**values: str) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


def hostile_tags(number: int) -> list[dict[str, str]]:
    """Tags with hostile text, different for each of nine consecutive numbers."""
    key, value = [
        ("Owner", SCRIPT),
        ("Cost", FORMULA),
        ("System", JAPANESE),
        ("感情", EMOJI),
        ("Note", NEWLINE),
        ("Long", long_text(256)),
        (long_text(128), "the longest key"),
        ("Empty", ""),
        ("+plus", "@SUM(1+1)"),
    ][number % 9]
    return [{"Key": key, "Value": value}]


@dataclass
class Builder:
    """Makes resources through the AWS APIs and the server's admin API."""

    endpoint: str
    now: datetime
    resources: int
    accounts: dict[str, str] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    _clients: dict[tuple[str, str, str], BaseClient] = field(default_factory=dict)

    def client(self, service: str, account: str, region: str = TOKYO) -> BaseClient:
        """A client that acts in an account, given by its id."""
        key = (service, account, region)
        if key not in self._clients:
            self._clients[key] = boto3.client(
                service,
                region,
                endpoint_url=self.endpoint,
                config=Config(s3={"addressing_style": "path"}),
                **self._credentials(account),
            )
        return self._clients[key]

    def admin(self, path: str, **payload: Any) -> Any:
        """Calls the server's admin API."""
        response = requests.post(f"{self.endpoint}/sonae-test/{path}", json=payload)
        if not response.ok:
            raise RuntimeError(f"{path}: {response.text}")
        return response.json()

    def ago(self, **duration: float) -> str:
        """A time before now, e.g. `ago(hours=3)`."""
        return (self.now - timedelta(**duration)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _credentials(self, account: str) -> dict[str, str]:
        if account == MANAGEMENT:
            # Moto takes any unknown key for one of this account.
            return {
                "aws_access_key_id": "BUILDER0000000000000",
                "aws_secret_access_key": "builder",
            }
        granted = self.client("sts", MANAGEMENT).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole",
            RoleSessionName="builder",
        )["Credentials"]
        return {
            "aws_access_key_id": granted["AccessKeyId"],
            "aws_secret_access_key": granted["SecretAccessKey"],
            "aws_session_token": granted["SessionToken"],
        }
