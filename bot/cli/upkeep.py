"""zhike backup, restore, check, encrypt, decrypt: the database file itself."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.replies.upkeep import (
    KEY_STORY,
    backup_reply,
    decrypted_reply,
    encrypted_reply,
    going_reply,
    health_reply,
)
from bot.secret import new_key_file
from engine import (
    Converted,
    Going,
    NotAllowed,
    Phrase,
    Shop,
    back_up,
    chat_of,
    check_store,
    decrypt_store,
    encrypt_store,
    is_encrypted,
    look_at_backup,
    restore,
)

SHORTEST_KEY = 12


def add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write the copy: a new file, or a folder")


def backup(args: argparse.Namespace, face: Face) -> None:
    path = back_up(face.shop, args.file)
    face.show(backup_reply(path, how_back=False), {"backup": str(path)})


def add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup to go back to")
    _add_yes(parser)


def go_back(args: argparse.Namespace, face: Face) -> int:
    if not args.yes:
        going = look_at_backup(face.shop, args.file)
        face.show(going_reply(going, done=False, database=face.shop.path), _document(going, restored=False))
        return 2
    going = restore(face.shop, args.file)
    face.show(going_reply(going, done=True, database=face.shop.path), _document(going, restored=True))
    return 0


def _document(going: Going, *, restored: bool) -> dict[str, Any]:
    return {
        "restored": restored,
        "backup": str(going.backup),
        "rows": dict(going.then.rows),
        "newest_import": going.then.last_import,
        "lost": dict(going.lost),
        "kept": None if going.kept is None else str(going.kept),
        "still_unsubscribed": going.refusals,
        "not_sent_again": going.sent,
        "unknown_whether_sent": going.doubtful,
    }


def check(args: argparse.Namespace, face: Face) -> int:
    health = check_store(face.shop)
    document = {
        "sound": not health.faults,
        "faults": list(health.faults),
        "rows": dict(health.sizes),
        "notes": [face.words(note) for note in health.notes],
    }
    face.show(health_reply(health), document)
    return 2 if health.faults else 0


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it; without this it is told what would happen")


def encrypt(args: argparse.Namespace, face: Face) -> int:
    shop = face.shop
    if not args.yes and not is_encrypted(shop):
        words = tuple(face.words(line) for line in KEY_STORY)
        if not face.as_json:
            face.say(*KEY_STORY, Phrase("Nothing was changed yet. Do it with: zhike encrypt --yes"))
        else:
            face.show(encrypted_reply(Converted(shop.path, (), changed=False)), {"encrypted": False, "notes": words})
        return 2
    if shop.key is None:
        shop = replace(shop, key=new_key_file(face.settings))
    if shop.key is not None and len(shop.key.words) < SHORTEST_KEY:
        raise NotAllowed(
            Phrase("The key has only {n} letters: take {least} or more.", n=len(shop.key.words), least=SHORTEST_KEY)
        )
    from bot.localchat import place  # with it comes the whole chat, for which the other verbs do not wait

    made = encrypt_store(shop, (_history_of(shop),))
    if shop.key is not None:
        place.all_encrypted(shop.path, shop.key)
    face.show(encrypted_reply(made), {"encrypted": True, "backups": [str(path) for path in made.backups]})
    return 0


def decrypt(args: argparse.Namespace, face: Face) -> None:
    from bot.localchat import place

    if face.shop.key is not None:
        with chat_of(face.shop):
            place.all_plain(face.shop.path, face.shop.key)
    made = decrypt_store(face.shop, (_history_of(face.shop),))
    face.show(decrypted_reply(made), {"encrypted": False, "backups": [str(path) for path in made.backups]})


def _history_of(shop: Shop) -> Path:
    from bot.localchat import place

    return place.folder_for(shop.path) / place.HISTORY


VERBS = [
    Verb("backup", "copy the database while it is in use", "zhike backup ~/zhike-backup.db", backup, add_target),
    Verb(
        "restore",
        "go back to a backup; what there is now is kept beside it",
        "zhike restore ~/zhike-backup.db\nzhike restore ~/zhike-backup.db --yes",
        go_back,
        add_source,
    ),
    Verb("check", "is the database whole and consistent?", "zhike check\nzhike check --json", check),
    Verb(
        "encrypt",
        "make the database and its backups unreadable without a key",
        "ZHIKE_KEY_FILE=~/zhike.key zhike encrypt\nZHIKE_KEY_FILE=~/zhike.key zhike encrypt --yes",
        encrypt,
        _add_yes,
    ),
    Verb(
        "decrypt",
        "make the database and its backups readable without a key again",
        "ZHIKE_KEY_FILE=~/zhike.key zhike decrypt",
        decrypt,
    ),
]
