"""Names of files that systems, editors and sync programs leave behind; no command reads or publishes them."""

from __future__ import annotations

import re

# "Conflict" in the languages of Dropbox and OneDrive.
CONFLICT = (
    r"conflict|conflit|conflic|konflik|конфлик|конфлік|конфлит|冲突|衝突|競合|충돌|çakış|ขัดแย้ง|xung đột|bercanggah"
    r"|σύγκρου|διένεξη|تعارض|متعارض|ristiriita|ütköz|kolidu|kolize|conflitt|botrun|विरोध|התנגש"
)
FILES = re.compile(
    r"\.ds_store|\.localized|\.directory|\.apdisk|icon\r|(?:eh)?thumbs(?:_vista)?\.db(?:[:.].*)?|desktop\.ini"
    r"|\.dropbox(?:\.attr|\.cache)?|\._?sync_\w*\.db.*|\.(?:owncloud|nextcloud)sync\.log|\.st(?:folder|ignore|versions)"
    r"|\.sync|\.spotlight-v100|\.trashes|\.trash-\d+|\.fseventsd|\.temporaryitems|\.documentrevisions-v100|\$recycle\.bin"
    r"|system volume information|__macosx|@eadir|\.appledouble|__pycache__"
    r"|\._.*|~\$.*|\.~.*|\.#.*|#.*#|\.goutputstream-.*|\.nfs[0-9a-f]{8,}|\.fuse_hidden.*|\..*\.icloud|~.*\.tmp"
    r"|\.syncthing\..*|~syncthing~.*"
    r"|.*~|.*\.(?:bak\d*|backup|orig|rej|part|partial|filepart|crdownload|download|tmp|temp|sw[a-px]|kate-swp|autosave"
    r"|!sync|bts|!qb|ut!)",
    re.IGNORECASE | re.DOTALL,
)
CONFLICTS = re.compile(
    rf"[(\[（【][^()\[\]]*(?:{CONFLICT})[^()\[\]]*[)\]）】]|\.sync-conflict-\d{{8}}-\d+(?:-\w+)?|_conflict-\d{{6,}}(?:-\d+)*"
    r"|[._-](?:DESKTOP|LAPTOP|WIN)-[0-9A-Z]{5,}(?:-\d+)?(?=\.[^.]*$|$)",
    re.IGNORECASE,
)
# Resilio Sync and Synology Drive capitalise it; a page may be called `conflict.md`.
CAPITALISED_CONFLICT = re.compile(r"[._]Conflict(?=\.[^.]*$|$)")

# Written by systems, never by people.
SYSTEM_FILES = re.compile(
    r"\.ds_store|\.localized|\.directory|\.apdisk|icon\r|(?:eh)?thumbs(?:_vista)?\.db(?:[:.].*)?|desktop\.ini"
    r"|\.~lock\..*#|\.spotlight-v100|\.fseventsd|@eadir|__pycache__",
    re.IGNORECASE | re.DOTALL,
)


def is_leftover(name: str) -> bool:
    """Return whether a file or one of its folders is a leftover."""
    return any(
        FILES.fullmatch(part) or CONFLICTS.search(part) or CAPITALISED_CONFLICT.search(part)
        for part in name.split("/")
        if part
    )


def original_of(name: str) -> str:
    """Return the path of the file whose second version a sync program keeps here; '' if it is none."""
    folder, slash, base = name.rpartition("/")
    original = CAPITALISED_CONFLICT.sub("", CONFLICTS.sub("", base))
    return "" if original == base else folder + slash + re.sub(r"\s+(?=\.[^.]*$|$)", "", original)


def can_hold_work(name: str) -> bool:
    """Return whether a leftover may be the only copy of a person's work: a conflict copy, backup or autosave."""
    return not SYSTEM_FILES.fullmatch(name.rsplit("/", 1)[-1])
