"""Access to an S3-compatible bucket, with credentials from the places of the AWS CLI, and fields of its objects."""

from __future__ import annotations

import mimetypes
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from campaign.models.optional_parts import PARTS
from campaign.models.problem import CampaignError, failure

try:
    import obstore
    from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
    from obstore.store import S3Store
except ImportError:  # an optional part
    HAS_OBSTORE = False
else:
    HAS_OBSTORE = True

ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?#\x00-\x1f]*?))?/?")
# Parallel transfers, and seconds until a silent server is given up.
MAX_TRANSFERS = 8
SERVER_TIMEOUT = timedelta(seconds=60)
# Bytes up to which a file is sent in one request: killed multipart uploads leave invisible parts.
MAX_PART_BYTES = 32 << 20
# Age at which a lock has expired, and seconds between renewals.
LEASE = timedelta(minutes=30)
HEARTBEAT = 60.0
# Other credentials, which obstore finds itself.
OTHER_CREDENTIALS = (
    *("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
)
# Failures of the server or of the way to it: what is in their message, what is wrong, how to fix it.
FAILURES = (
    ("NoSuchBucket", "There is no such bucket", "Look at its name and region, or make it first."),
    ("InvalidAccessKeyId", "The server doesn't know this key", "Set the key again: AWS_ACCESS_KEY_ID, ~/.aws/."),
    ("SignatureDoesNotMatch", "The secret isn't that of the key", "Set both again: AWS_SECRET_ACCESS_KEY, ~/.aws/."),
    ("ExpiredToken|InvalidToken", "The keys have expired", "Get new ones, and set them again."),
    ("PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation", "The bucket is elsewhere", "Set AWS_REGION."),
    (
        r"AccessDenied|Forbidden|\b40[13]\b",
        "These keys may not do this there",
        "Ask whoever manages the bucket for it.",
    ),
    ("RequestTimeTooSkewed", "This computer's clock is wrong", "Set it, and publish again."),
    ("certificate", "The server's certificate isn't known here", "Name its authority with AWS_CA_BUNDLE."),
    (
        "error sending request|timed out|[Tt]imeout|dns|connect",
        "The server doesn't answer",
        "Look whether there is a network, and at AWS_ENDPOINT_URL and AWS_REGION.",
    ),
)
OTHER_FAILURE = ("The server failed", "Try again later. If it goes on, publish a zip.")
ERROR_XML = re.compile(r"<Code>(?P<code>[^<]*)</Code>\s*<Message>(?P<message>[^<]*)</Message>")
# Python's own table, the same on every computer, with additions.
TYPES = mimetypes.MimeTypes()
MORE_TYPES = {
    **{".js": "text/javascript", ".xml": "application/xml", ".webmanifest": "application/manifest+json"},
    **{".webp": "image/webp", ".avif": "image/avif", ".opus": "audio/ogg", ".woff2": "font/woff2", ".md": "text/plain"},
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Bucket:
    """Files by name below the address."""

    def __init__(self, address: str, lock: str, publisher: str) -> None:
        """Connect later, with the name of the lock file, and what identifies this campaign and computer."""
        self.address, self._lock, self._publisher = address, lock, publisher
        self._store = _store(address)
        self._lease_mark: str | None = None
        self._last_renewed, self._renewal_lock = 0.0, threading.Lock()

    def read(self, name: str) -> bytes | None:
        """Return a file, or None."""
        with self._translate_errors():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                return None

    def write(self, name: str, data: bytes | Path, fields: Mapping[str, str]) -> None:
        """Write a file atomically, with its response headers."""
        with self._translate_errors():
            obstore.put(self._store, name, data, attributes=dict(fields), chunk_size=MAX_PART_BYTES)

    def copy(self, name: str, target: str) -> None:
        """Copy a file with its headers."""
        with self._translate_errors():
            obstore.copy(self._store, name, target)

    def delete(self, name: str) -> None:
        """Delete a file, if it exists."""
        with self._translate_errors():
            obstore.delete(self._store, name)

    def names(self) -> set[str]:
        """Return the names of all files."""
        with self._translate_errors():
            return {item["path"] for batch in obstore.list(self._store) for item in batch}

    def for_each(self, work: Callable[[str], object], names: Iterable[str]) -> None:
        """Run work for several files at once; the first failure ends it."""

        def beating(name: str) -> None:
            self._beat()
            work(name)

        with ThreadPoolExecutor(MAX_TRANSFERS) as pool:
            running = [pool.submit(beating, name) for name in names]
            try:
                for item in running:
                    item.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock. Raise CampaignError if another process holds it, or took over because ours expired."""
        self._enter()
        try:
            yield
        finally:
            if self._lease_mark and self.read(self._lock) == self._publisher.encode():
                self.delete(self._lock)

    def _enter(self) -> None:
        publisher_id = self._publisher.encode()
        with self._translate_errors():
            try:
                self._lease_mark = obstore.put(self._store, self._lock, publisher_id, mode="create")["e_tag"]
            except AlreadyExistsError:
                lock = obstore.get(self._store, self._lock)
                since = lock.meta["last_modified"]
                # Times of the server's clock.
                trial = f"{self._lock}-{self._publisher}"
                obstore.put(self._store, trial, b"")
                server_time = obstore.head(self._store, trial)["last_modified"]
                obstore.delete(self._store, trial)
                if bytes(lock.bytes()) != publisher_id and server_time - since < LEASE:
                    message = f"Someone else is publishing there; last active: {since:%H:%M} UTC."
                    fix = f"Wait: at {since + LEASE:%H:%M} UTC their lock expires if they don't renew it."
                    raise failure("publish-running", self.address, message, fix) from None
                try:
                    self._lease_mark = self._renewed(lock.meta["e_tag"])
                except PreconditionError:
                    raise _lock_error(self.address) from None
        self._last_renewed = time.monotonic()

    def _renewed(self, mark: str | None) -> str | None:
        return obstore.put(self._store, self._lock, self._publisher.encode(), mode={"e_tag": mark})["e_tag"]

    def _beat(self) -> None:
        with self._renewal_lock:
            if self._lease_mark and time.monotonic() - self._last_renewed > HEARTBEAT:
                try:
                    self._lease_mark = self._renewed(self._lease_mark)
                except (PreconditionError, FileNotFoundError):
                    self._lease_mark = None
                    raise _lock_error(self.address) from None
                self._last_renewed = time.monotonic()

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, FileNotFoundError) as error:
            message = str(error)
            match = ERROR_XML.search(message)
            code = match["code"] if match else ""
            reason, fix = next((row[1:] for row in FAILURES if re.search(row[0], f"{code} {message}")), OTHER_FAILURE)
            raise failure("publish-refused", self.address, f"{reason}{f' ({code})' if code else ''}.", fix) from None


def _lock_error(address: str) -> CampaignError:
    message = "Someone else has taken over, because this run was silent for too long."
    return failure("publish-running", address, message, "Publish again when they are done.")


def _store(address: str) -> S3Store:
    match = ADDRESS.fullmatch(address)
    if not match:
        message, fix = "No bucket has such a name.", "Write s3://bucket or s3://bucket/folder."
        raise failure("publish-refused", address, message, fix)
    if not HAS_OBSTORE:
        fix = f"Run: {PARTS['bucket'].remedy}. Or publish to a zip."
        raise failure("publish-no-tool", "obstore", "Buckets need a part that is not installed.", fix)
    config = _config()
    has_keys = "access_key_id" in config and "secret_access_key" in config
    if not has_keys and not any(map(os.environ.get, OTHER_CREDENTIALS)):  # obstore would ask the computer's own network
        message = "There are no keys for the bucket."
        fix = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them in ~/.aws/credentials."
        raise failure("publish-refused", address, message, fix)
    if os.environ.get("AWS_ACCESS_KEY_ID") and not os.environ.get("AWS_SECRET_ACCESS_KEY"):
        raise failure("publish-refused", address, "The key has no secret.", "Set AWS_SECRET_ACCESS_KEY too.")
    endpoint = config.get("endpoint", "")
    if is_plain := endpoint.startswith("http:"):
        _refuse_plain(endpoint)
    options: dict[str, Any] = {
        "allow_http": is_plain,
        "timeout": SERVER_TIMEOUT,
        "connect_timeout": timedelta(seconds=10),
    }
    # obstore trusts the system's authorities; this adds a private one.
    bundle = Path(os.environ.get("AWS_CA_BUNDLE", ""))
    if not is_plain and bundle.is_file():
        options["root_certificate"] = bundle.read_bytes()
    retries: Any = {"max_retries": 3, "retry_timeout": SERVER_TIMEOUT}
    place: Any = {"prefix": match["prefix"]} if match["prefix"] else {}
    return S3Store(match["bucket"], **place, config=config, client_options=options, retry_config=retries)  # type: ignore[arg-type]


def _config() -> dict[str, str]:
    profile = os.environ.get("AWS_PROFILE", "default")
    options: dict[str, str] = {}
    for variable, name, section in (
        ("AWS_CONFIG_FILE", "config", profile if profile == "default" else f"profile {profile}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile),
    ):
        file = ConfigParser(interpolation=None)
        path = Path(os.environ.get(variable) or Path.home() / ".aws" / name)
        try:
            file.read(path, encoding="utf-8")
        except (ConfigParserError, UnicodeDecodeError, OSError):
            fix = "Write it as the AWS CLI does (`aws configure`), or delete it."
            raise failure("publish-refused", str(path), "This file of keys can't be read.", fix) from None
        if file.has_section(section):
            options.update(file[section])
    names = {"endpoint_url": "endpoint", "region": "region"}
    if not any(os.environ.get(name) for name in OTHER_CREDENTIALS):
        names |= {"aws_access_key_id": "access_key_id", "aws_secret_access_key": "secret_access_key"}
        names |= {"aws_session_token": "token"}
    config = {option: options[variable] for variable, option in names.items() if variable in options}
    for option, variables in (
        ("endpoint", ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")),
        ("region", ("AWS_REGION", "AWS_DEFAULT_REGION")),
    ):
        if value := next(filter(None, map(os.environ.get, variables)), None):
            config[option] = value
    return {"region": "us-east-1", **config}


def _refuse_plain(endpoint: str) -> None:
    """Refuse an endpoint without TLS, except on this computer. Raise CampaignError if it is elsewhere."""
    host = urlsplit(endpoint).hostname or ""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    if not is_local:
        message = "The connection isn't encrypted: anyone on the way could change the site."
        raise failure("publish-refused", endpoint, message, "Name an endpoint that begins with https.")


def response_fields(site: Path) -> Callable[[str], dict[str, str]]:
    """Return a function from an address to its header fields."""
    rules: list[tuple[str, str]] = []
    base, path = "", ""
    file = site / "_headers"
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        key, _, value = line.partition(":")
        if line.startswith("/"):
            path = line.strip()
            base = base or path.removesuffix("*")
        elif key.strip() == "Cache-Control":
            rules.append((path.removeprefix(base), value.strip()))

    def fields(name: str) -> dict[str, str]:
        suffix = PurePosixPath(name).suffix.lower()
        kind = MORE_TYPES.get(suffix) or TYPES.guess_type(name)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind in ("application/json", "application/xml", "image/svg+xml")
        results = {"Content-Type": f"{kind}; charset=utf-8" if is_text else kind}
        for path, value in rules:
            if name == path or (path.endswith("*") and name.startswith(path[:-1])):
                results["Cache-Control"] = value
        return results

    return fields
