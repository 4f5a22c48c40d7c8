"""Verify a folder or file: SHA256SUMS, and signatures by minisign or ssh.

Signatures are verified by the standard tools, never by our own code. Only a key from another channel says who signed:
anybody who can change the folder can add a key.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from campaign.cache.external_programs import ProgramTimeout, last_line, run_program
from campaign.cache.regular_files import read_regular
from campaign.models.problem import Problem

CHECKSUM_FILE = "SHA256SUMS"
# The list of a copy in progress: files that may exist, with their earlier sums.
UNFINISHED_LIST = f"{CHECKSUM_FILE}.part"
# Suffixes of signatures.
MINISIGN = ".minisig"
SSH = ".sig"
LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
CHUNK_BYTES = 1 << 20
MAX_LIST_BYTES = 50_000_000
# For `ssh-keygen -Y sign -n`, so that signatures for other purposes don't count.
NAMESPACE = "file"
# The first word of a public key of ssh. A line of a list of allowed signers begins with the signer.
SSH_KEY_KIND = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+$")
MAX_KEY_BYTES = 1_000_000
# The signer's name for ssh if --key is a public key, which has no name.
ANONYMOUS_SIGNER = "this-key"
CHECK_TIMEOUT_S = 60


def check_sums(folder: Path) -> Iterator[Problem]:
    """Yield missing, changed and unlisted files, and list entries that lead elsewhere."""
    listed_names: set[str] = set()
    try:
        lines = read_regular(folder / CHECKSUM_FILE, MAX_LIST_BYTES).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        fix = "Name the folder that holds it."
        yield Problem("sums-missing", CHECKSUM_FILE, f"There is no list of checksums in {folder.name or folder}.", fix)
        return
    for number, line in enumerate(lines, 1):
        where = f"{CHECKSUM_FILE}:{number}"
        match = LINE.fullmatch(line)
        if not match:
            yield Problem(
                "sums-broken", where, "This isn't a line of a list of checksums.", "Fetch the whole folder again."
            )
            continue
        expected, name = match.groups()
        if _is_outside(folder, name):
            fix = "Do not trust this folder."
            yield Problem("sums-outside", where, f"The list names a file outside the folder: {name}.", fix)
        elif name in listed_names:
            yield Problem("sums-broken", where, f"The list names a file twice: {name}.", "Do not trust this folder.")
        elif not (folder / name).is_file():
            yield Problem("copy-incomplete", where, f"A file is missing: {name}.", "Fetch the whole folder again.")
        elif _checksum(folder / name) != expected.lower():
            fix = "Do not use it; fetch the whole folder again."
            yield Problem("copy-changed", where, f"A file was changed: {name}.", fix)
        listed_names.add(name)
    if not lines:
        yield Problem("sums-broken", CHECKSUM_FILE, "The list of checksums is empty.", "Fetch the whole folder again.")
    for name in sorted(
        set(_files(folder)) - listed_names - {CHECKSUM_FILE, CHECKSUM_FILE + MINISIGN, CHECKSUM_FILE + SSH}
    ):
        yield Problem("copy-added", name, "The list doesn't name this file: someone added it.", "Do not use it.")


def check_packs(folder: Path) -> Iterator[Problem]:
    """Verify the zips of packs in a folder against their lists, without unpacking."""
    for path in sorted(folder.rglob("*.zip")):
        yield from check_zip(path)


def check_zip(path: Path) -> Iterator[Problem]:
    """Verify an uncompressed zip of ours against its list."""
    fetch_again = "Fetch the file again."
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            top = next((name for name in entries if name.endswith(f"/{CHECKSUM_FILE}") and name.count("/") == 1), "")
            compressed = [name for name, entry in entries.items() if entry.compress_type != zipfile.ZIP_STORED]
            if not top or compressed or len(entries) != len(archive.infolist()):
                yield Problem("sums-missing", path.name, "This isn't a complete pack or press kit.", fetch_again)
                return
            expected = {}
            for line in archive.read(top).decode("utf-8").splitlines():
                if match := LINE.fullmatch(line):
                    expected[top.removesuffix(CHECKSUM_FILE) + match[2]] = match[1].lower()
            for name in sorted(expected.keys() - entries.keys()):
                yield Problem("copy-incomplete", path.name, f"A file is missing: {name}.", fetch_again)
            for name in sorted(entries.keys() - expected.keys() - {top}):
                message = f"Its list does not name {name}: someone added it."
                yield Problem("copy-added", path.name, message, "Do not use it.")
            for name in sorted(expected.keys() & entries.keys()):
                with archive.open(name) as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != expected[name]:  # type: ignore[arg-type]
                        yield Problem("copy-changed", path.name, f"A file was changed: {name}.", fetch_again)
    except (OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError, RuntimeError, NotImplementedError) as error:
        yield Problem("sums-broken", path.name, f"This zip cannot be read: {error}.", fetch_again)


def _files(folder: Path) -> Iterator[str]:
    for path, folders, files in os.walk(folder):
        links = [name for name in folders if Path(path, name).is_symlink()]
        yield from (Path(path, name).relative_to(folder).as_posix() for name in (*files, *links))


def _is_outside(folder: Path, name: str) -> bool:
    path = PurePosixPath(name)
    is_odd = path.is_absolute() or ".." in path.parts or "\\" in name or re.match(r"[A-Za-z]:", name) or "\0" in name
    return bool(is_odd) or not (folder / name).resolve().is_relative_to(folder.resolve())


def _checksum(path: Path) -> str:
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK_BYTES):
            hasher.update(part)
    return hasher.hexdigest()


def check_signature(signed: Path, key: str, signer: str) -> tuple[list[str], list[Problem]]:
    """Verify the signatures of a list or another file; returns what was verified, and problems.

    A list is useful without a signature, another file isn't. `key`: of minisign or its file, a public key of ssh, or a
    file of allowed ssh signers.
    """
    is_list = signed.name == CHECKSUM_FILE
    signatures = [path for kind in (MINISIGN, SSH) if (path := signed.with_name(signed.name + kind)).is_file()]
    if not signatures:
        if not key and is_list:
            fix = "It shows changes, not who made it."
            return [], [Problem("sums-unsigned", CHECKSUM_FILE, "This list isn't signed.", fix)]
        message = "There is no signature to check with that key." if key else "This file isn't signed."
        fix = "Do not trust this folder." if is_list else f"Fetch {signed.name}{SSH} or {MINISIGN} too, or unpack it."
        return [], [Problem("signature-missing", signed.name, message, fix)]
    if not key:
        fix = "Name the signer's key, which you got another way: --key FILE."
        rule = "signature-unchecked" if is_list else "signature-unproven"
        return [], [Problem(rule, signatures[0].name, "There is a signature, and no key to check it with.", fix)]
    verified, problems = [], []
    for path in signatures:
        result = _by_minisign(signed, path, key) if path.suffix == MINISIGN else _by_ssh(signed, path, key, signer)
        if isinstance(result, Problem):
            problems.append(result)
        else:
            verified.append(result)
    # A key belongs to one tool, so the other's signature is ignored.
    return verified, [] if verified else problems


def _by_minisign(signed: Path, signature: Path, key: str) -> str | Problem:
    key_options = ["-p", key] if Path(key).is_file() else ["-P", key]
    file_options = ["-m", str(signed.absolute()), "-x", str(signature.absolute())]
    return _run(signature.name, ["minisign", "-V", *key_options, *file_options], None)


def _by_ssh(signed: Path, signature: Path, key: str, signer: str) -> str | Problem:
    if not Path(key).is_file():
        fix = "Name the signer's public key, or a file of allowed signers (see `man ssh-keygen`)."
        return Problem("signature-no-key", signature.name, f"There is no file {key}.", fix)
    if public_key := _public_key(Path(key)):
        with tempfile.TemporaryDirectory() as folder:
            signers = Path(folder, "signers")
            signers.write_text(f'{ANONYMOUS_SIGNER} namespaces="{NAMESPACE}" {public_key}\n', encoding="utf-8")
            return _verify_with_ssh(signed, signature, str(signers), ANONYMOUS_SIGNER)
    if not signer:
        command = ["ssh-keygen", "-Y", "find-principals", "-s", str(signature), "-f", key]
        result = _run(signature.name, command, None)
        if isinstance(result, Problem):
            return result
        signer = result.splitlines()[0]
    return _verify_with_ssh(signed, signature, key, signer)


def _public_key(path: Path) -> str:
    """Return the key in a file such as `id_ed25519.pub`, without its comment; empty if it lists allowed signers."""
    try:
        words = read_regular(path, MAX_KEY_BYTES).decode("utf-8", errors="replace").split()
    except OSError:
        return ""
    return " ".join(words[:2]) if len(words) > 1 and SSH_KEY_KIND.match(words[0]) else ""


def _verify_with_ssh(signed: Path, signature: Path, signers: str, signer: str) -> str | Problem:
    command = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", signer, "-n", NAMESPACE, "-s", str(signature)]
    return _run(signature.name, command, signed)


def _run(where: str, command: list[str], input_file: Path | None) -> str | Problem:
    """Return the output of a tool that accepted a signature. `read`: its stdin."""
    try:
        completed = run_program(command, source=input_file, timeout_s=CHECK_TIMEOUT_S)
    except FileNotFoundError:
        fix = f"Install {command[0]} and try again; checksums don't say who made this."
        message = f"The signature cannot be checked: {command[0]} is not installed."
        return Problem("signature-no-tool", where, message, fix)
    except ProgramTimeout:
        return Problem("signature-no-tool", where, f"{command[0]} did not answer.", "Try again.")
    if completed.returncode:
        last = last_line(completed.stdout + completed.stderr).rstrip(".")
        return Problem("signature-bad", where, f"The signature is not good: {last}.", "Do not trust it.")
    return (completed.stdout + completed.stderr).decode("utf-8", errors="replace").strip()
