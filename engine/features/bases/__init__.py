"""What customers can be grouped by: one basis per file. `behavioural.py` is the basis `behavioural`."""
