"""What the course looks at: procedural scenes that need no download, and readers of real data sets."""
