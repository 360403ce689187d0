"""Training for placed light: losses, a compiled model and scores, in any of Keras's backends."""
