"""What the Predictions page is made of."""
