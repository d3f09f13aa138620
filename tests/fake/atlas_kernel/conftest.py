"""Worlds with a customer in them."""

from __future__ import annotations

import pytest

from tests.fake.atlas_kernel.customer import Customer, build


@pytest.fixture
def customer() -> Customer:
    return build()


@pytest.fixture
def private(customer: Customer) -> Customer:
    """A project under private networking, without endpoints."""
    customer.enable(private=True)
    return customer
