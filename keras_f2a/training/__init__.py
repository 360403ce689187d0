"""What is trained and how: the paper's training step, its losses and metrics, its conditions."""
