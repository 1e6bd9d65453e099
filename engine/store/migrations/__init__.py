"""How the store came to be: named steps, each applied once, in a transaction together with its record.

Times are ISO 8601 text: of orders and events in the shop's local time as its file gives them, of what Zhike
itself did in UTC. Money is in the shop's currency. Phrases are stored as `engine.phrases.to_json` writes them.
A step that has been released is never edited; a new one stands at the end of the last file.
"""

from importlib import import_module

from engine.store.migrations.registry import migrations

# each registers its steps, in this order
for _file in (
    *("the_loop", "any_file", "stages", "forecasts", "segment_runs", "segment_facts", "recommendation_rules"),
    *("catalogue", "recommendations", "learning_plans", "templates", "sending", "waves", "matching"),
    *("forgetting", "access", "privacy_budget", "pool", "shops", "arrivals"),
):
    import_module(f"{__name__}.{_file}")

__all__ = ["migrations"]
