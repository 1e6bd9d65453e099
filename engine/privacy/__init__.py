"""What a person leaves behind and what may be told without giving anybody away. Knows no store."""
