@active
Feature: Only the owner of a project configures its key
  Least privilege: who may read the configuration cannot change it.

  @req:EAR-017 @req:EAR-018 @needs:reader
  Scenario: A caller who may only read cannot turn on the customer's key
    Given a project without a customer key
    And a caller who may only read
    When the operator turns on the customer's key
    Then the request is refused because the caller lacks the role
    And the project has no customer key

  @req:EAR-017 @needs:reader
  Scenario: A caller who may only read cannot ask for a private endpoint
    Given a project that uses the customer's key over private networking
    And a caller who may only read
    When the operator asks for a private endpoint in US_EAST_2
    Then the request is refused because the caller lacks the role
    And no private endpoint exists

  @req:EAR-017
  Scenario: The owner of the project can
    Given a project without a customer key
    When the operator turns on the customer's key
    Then the request is accepted

  @req:EAR-018 @needs:reader
  Scenario: A caller who may only read cannot switch a cluster to the customer's key
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
    And a caller who may only read
    When the operator switches cluster "payments" to the customer's key
    Then the request is refused because the caller lacks the role
    And cluster "payments" is encrypted with Atlas's own key

  @req:EAR-018
  Scenario: The owner of the project can switch a cluster to the customer's key
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
    When the operator switches cluster "payments" to the customer's key
    Then the request is accepted
    And cluster "payments" is encrypted with the customer's key within the agreed cluster time

  @req:EAR-018 @needs:cluster-manager @reading:cluster_cmk_role
  Scenario: Who may only manage clusters cannot configure the project's key
    Given a project without a customer key
    And a caller who may only manage clusters
    When the operator turns on the customer's key
    Then the request is refused because the caller lacks the role
