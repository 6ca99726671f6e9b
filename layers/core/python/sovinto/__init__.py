"""Sovinto: an open, serverless platform for amicable debt collection."""
