"""A real Atlas project and Azure vault, or whatever speaks like them, as the system under test."""
