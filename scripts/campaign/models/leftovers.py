"""Names of files that operating systems, editors and sync programs leave behind. No command reads or publishes them."""

from __future__ import annotations

import re

# "Conflict" as sync programs write it in the names of copies, in the languages that Dropbox and OneDrive speak.
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
    rf"[(\[（【][^()\[\]]*(?:{CONFLICT})[^()\[\]]*[)\]）】]|\.sync-conflict-\d{{8}}-|_conflict-\d{{6,}}"
    r"|[._-](?:DESKTOP|LAPTOP|WIN)-[0-9A-Z]{5,}(?:-\d+)?(?=\.[^.]*$|$)",
    re.IGNORECASE,
)
# Resilio Sync and Synology Drive capitalise the word; a page may be called `conflict.md`.
CAPITALISED = re.compile(r"[._]Conflict(?=\.[^.]*$|$)")

# What systems write for themselves, and no person's words are ever in.
DROPPINGS = re.compile(
    r"\.ds_store|\.localized|\.directory|\.apdisk|icon\r|(?:eh)?thumbs(?:_vista)?\.db(?:[:.].*)?|desktop\.ini"
    r"|\.~lock\..*#|\.spotlight-v100|\.fseventsd|@eadir|__pycache__",
    re.IGNORECASE | re.DOTALL,
)


def is_leftover(name: str) -> bool:
    """Whether a file or folder, or a folder above it, is one that a program left behind. name: with `/` or without."""
    return any(
        FILES.fullmatch(part) or CONFLICTS.search(part) or CAPITALISED.search(part) for part in name.split("/") if part
    )


def can_hold_work(name: str) -> bool:
    """Whether a leftover may be somebody's only copy of a text: a conflict copy, a backup, an editor's own save."""
    return not DROPPINGS.fullmatch(name.rsplit("/", 1)[-1])
