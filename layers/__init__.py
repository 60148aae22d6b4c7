"""What goes into the Lambda layers: the models, and the libraries vision needs."""
