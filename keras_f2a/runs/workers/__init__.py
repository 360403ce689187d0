"""Several workers that train one run together: who they are, how they meet, how they share."""
