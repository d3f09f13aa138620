"""Proof that MongoDB Atlas encryption at rest with a customer-managed key in Azure Key Vault behaves as documented."""

__version__ = "0.1.0"
