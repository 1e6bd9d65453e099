"""What each customer would buy next, and why: rankers, and the rule that mixes their lists into one."""
