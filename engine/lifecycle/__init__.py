"""Where customers stand and what is to be expected of each: purchase and spend models, churn scores, stages."""
