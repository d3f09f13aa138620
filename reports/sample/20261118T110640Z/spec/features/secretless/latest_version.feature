@destructive @needs:secretless
Feature: Through a role the key may be named without a version, and Atlas then follows the latest one
  Rotating the key in the vault is then all that the custodian has to do.

  @req:EAR-142
  Scenario: Through a role a key is accepted without a version
    Given a project without a customer key
    When the operator asks for an access role
    And the operator turns on the latest version of the customer's key through the access role
    Then the request is accepted
    And the project names no version of its key
    And the project finds its key valid

  @req:EAR-142
  Scenario: Through a role a key is accepted with a version as well
    Given a project without a customer key
    When the operator asks for an access role
    And the operator turns on the customer's key through the access role
    Then the request is accepted
    And the project shows a full key identifier
    And the project finds its key valid

  @req:EAR-142
  Scenario: Some time after a rotation in the vault the old version is no longer needed
    Given a project that uses the latest version of the customer's key through an access role
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the custodian rotates the key in the vault
    And 2 hours pass
    And the custodian disables the version that the rotation replaced
    Then cluster "payments" stays running for 2 hours
    And the project finds its key valid
    And the project names no version of its key

  @req:EAR-142
  Scenario: Every rotation in the vault is followed, not only the first
    Given a project that uses the latest version of the customer's key through an access role
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the custodian rotates the key in the vault
    And 2 hours pass
    And the custodian rotates the key in the vault
    And 2 hours pass
    And the custodian disables the version that the rotation replaced
    Then cluster "payments" stays running for 2 hours
    And the project finds its key valid

  @req:EAR-142
  Scenario: With a version named, the version stays in use whatever is rotated
    Given a project that uses the customer's key through an access role
    When the custodian rotates the key in the vault
    And 2 hours pass
    Then the project shows the key in use
    When the custodian disables the version that the rotation replaced
    Then the project finds its key invalid

  @req:EAR-142 @reading:key_disabled_rendering
  Scenario: With a version named, a cluster does not follow a rotation in the vault
    Given a project that uses the customer's key through an access role
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the custodian rotates the key in the vault
    And 2 hours pass
    And the custodian disables the version that the rotation replaced
    Then cluster "payments" is stopped within the agreed pause time
