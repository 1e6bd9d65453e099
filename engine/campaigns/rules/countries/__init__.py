"""The rules of each country, one file each."""
