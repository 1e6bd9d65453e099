"""What is known of each customer, one row each."""
