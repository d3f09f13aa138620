@active
Feature: Every region with nodes of an encrypted cluster has its own endpoint
  A cluster over several regions reaches the vault from each of them by a link of that region.

  @req:EAR-009
  Scenario: A cluster over two regions has an active endpoint in both
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
    And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
    When the auditor reads the configuration
    Then every region with an encrypted cluster has an active private endpoint

  @req:EAR-009
  Scenario: A cluster over three regions has an active endpoint in all of them
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2, EUROPE_NORTH and ASIA_SOUTH_EAST that is active
    And a cluster "payments" in US_EAST_2, EUROPE_NORTH and ASIA_SOUTH_EAST encrypted with the customer's key
    When the auditor reads the configuration
    Then every region with an encrypted cluster has an active private endpoint

  @req:EAR-052
  Scenario: Each region is asked for by itself
    Given a project that uses the customer's key over private networking
    When the operator asks for a private endpoint in US_EAST_2
    Then the request is accepted
    And private endpoints exist in US_EAST_2 only
    When the operator asks for a private endpoint in EUROPE_NORTH
    Then the request is accepted
    And private endpoints exist in US_EAST_2 and EUROPE_NORTH only

  @req:EAR-052
  Scenario Outline: Asking again for a region whose endpoint is <state> makes no second one
    Inferred: the documentation knows one endpoint in a region and does not say how a second request is answered.

    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is <state>
    When the operator asks for a private endpoint in US_EAST_2
    Then the private endpoints are unchanged

    Examples: States in which an endpoint serves its region, or soon will
      | state                |
      | being created        |
      | waiting for approval |
      | active               |
