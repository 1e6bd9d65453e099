"""What leaves the shop without giving anybody away. Values in, values out; knows no store."""
