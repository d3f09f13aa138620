@destructive
Feature: The old version of a key is needed until the new one is in use everywhere
  Moving a project to a new version takes time; whoever disables the old one too early stops the clusters.

  @req:EAR-127
  Scenario: Disabling the old version while the rotation is under way stops the cluster
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator moves the project to the next version of the key
    And the custodian disables the version of the key used before
    Then cluster "payments" is stopped within the agreed pause time

  @req:EAR-127
  Scenario: Disabling the old version after the rotation does no harm
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator moves the project to the next version of the key
    And 2 hours pass
    And the custodian disables the version of the key used before
    Then cluster "payments" stays running for 1 hours
