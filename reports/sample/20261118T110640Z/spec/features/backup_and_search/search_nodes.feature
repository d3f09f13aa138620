@active
Feature: Search nodes use the customer's key when the project lets them

  @req:EAR-137
  Scenario: Search nodes of an encrypted cluster are encrypted with the customer's key
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator lets search nodes use the customer's key
    And the operator adds search nodes to cluster "payments"
    Then the search nodes of cluster "payments" are encrypted with the customer's key within the agreed cluster time

  @req:EAR-137 @req:EAR-138
  Scenario: Without that permission search nodes keep Atlas's own key
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator adds search nodes to cluster "payments"
    Then the search nodes of cluster "payments" are encrypted with Atlas's own key within the agreed cluster time
