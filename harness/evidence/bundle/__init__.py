"""Closing a bundle: what is in it, who vouches for it, and which one came before."""
