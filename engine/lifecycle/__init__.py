"""Where customers stand: purchase models, churn scores and their track record, stages."""
