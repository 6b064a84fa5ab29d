"""What the page of data is made of."""
