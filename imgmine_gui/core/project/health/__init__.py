"""How sound the images of a project are: duplicates, blurred, dark and odd ones, measured once for each content."""
