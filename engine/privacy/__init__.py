"""What may be told without giving anybody away. Values in, values out: nothing here knows the store."""
