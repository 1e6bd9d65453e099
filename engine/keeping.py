"""The names by which the faces keep the database whole; `engine` passes them on."""

from engine.services.backups import back_up, back_up_beside, own_backups
from engine.services.daily import Daily, do_today, due_today
from engine.services.encrypting import Converted, decrypt_store, encrypt_store, is_encrypted
from engine.services.one_chat import chat_of
from engine.services.restoring import Going, look_at_backup, restore
from engine.services.start_checks import start_checks
from engine.services.upkeep import Health, check_store
from engine.store.complaints import database_errors, told
from engine.store.connecting import connect, rows_by_name
from engine.store.connecting import is_encrypted as is_encrypted_connection
from engine.store.keys import Key

__all__ = [
    "Converted",
    "Daily",
    "Going",
    "Health",
    "Key",
    "back_up",
    "back_up_beside",
    "chat_of",
    "check_store",
    "connect",
    "database_errors",
    "decrypt_store",
    "do_today",
    "due_today",
    "encrypt_store",
    "is_encrypted",
    "is_encrypted_connection",
    "look_at_backup",
    "own_backups",
    "restore",
    "rows_by_name",
    "start_checks",
    "told",
]
