"""What is shown of an exchange, and what never is: headers by an allow-list, fields by their names."""

from __future__ import annotations

HEADERS_SHOWN = frozenset(
    {
        "accept",
        "accept-encoding",
        "allow",
        "azure-asyncoperation",
        "azure-asyncnotification",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "deprecation",
        "etag",
        "expires",
        "host",
        "if-match",
        "location",
        "operation-location",
        "pragma",
        "ratelimit-limit",
        "ratelimit-remaining",
        "retry-after",
        "server",
        "strict-transport-security",
        "sunset",
        "vary",
        "www-authenticate",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-error-code",
        "x-frame-options",
        "x-java-method",
        "x-java-version",
        "x-mongodb-service-version",
        "x-ms-correlation-request-id",
        "x-ms-keyvault-network-info",
        "x-ms-keyvault-region",
        "x-ms-keyvault-service-version",
        "x-ms-ratelimit-remaining-subscription-deletes",
        "x-ms-ratelimit-remaining-subscription-reads",
        "x-ms-ratelimit-remaining-subscription-writes",
        "x-ms-request-id",
        "x-ms-routing-request-id",
        "x-permitted-cross-domain-policies",
        "referrer-policy",
    }
)
"""Headers whose values are shown; of every other only the name. Request ids that our own side draws at random and the
name of the machine's system in `User-Agent` are left out, so that equal runs leave equal evidence."""

FIELDS_HIDDEN = frozenset(
    {
        "secret",
        "secrettext",
        "hint",
        "clientsecret",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "token",
        "privatekey",
        "password",
        "passphrase",
        "assertion",
        "clientassertion",
        "connectionstring",
        "sharedaccesssignature",
        "sig",
        "apikey",
    }
)
"""Names of fields, lower case and without punctuation, whose values are never shown."""

JWK_PRIVATE_PARTS = frozenset({"d", "dp", "dq", "k", "key_hsm", "oth", "p", "q", "qi"})
"""Private members of a JSON Web Key (RFC 7518 section 6); single letters, so hidden only inside a key."""

PLAINTEXT_OPERATIONS = ("/decrypt", "/encrypt", "/unwrapkey", "/wrapkey")
"""Key Vault operations whose `value` is plaintext on one side of the exchange."""


def is_hidden(name: str) -> bool:
    """Whether a field of this name is never shown, however it is spelt (`client_secret`, `clientSecret`)."""
    return "".join(filter(str.isalnum, name)).lower() in FIELDS_HIDDEN
