"""What is deployed together: data (kept), service (replaceable), edge (AWS only)."""
