@destructive
Feature: Search nodes go with the key and come back with it
  A cluster without its key keeps no search nodes; what they held is built anew once the key is back.

  @req:EAR-139
  Scenario Outline: Search nodes are removed when the customer <act> the key, and provisioned again when he <undoes> it
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator adds search nodes to cluster "payments"
    Then the search nodes of cluster "payments" are ready within the agreed cluster time
    When the custodian <act> the key
    Then the search nodes of cluster "payments" are gone within the agreed pause time
    And the search nodes of cluster "payments" stay gone for 1 hours
    When the custodian <undoes> the key
    Then the search nodes of cluster "payments" are being rebuilt within the agreed recovery time
    And the search nodes of cluster "payments" are ready within the agreed cluster time

    Examples: Ways to revoke a key and to restore it
      | act      | undoes   |
      | disables | enables  |
      | deletes  | recovers |

  @req:EAR-139
  Scenario: Search nodes are removed and provisioned again a second time, over private networking as well
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator adds search nodes to cluster "payments"
    Then the search nodes of cluster "payments" are ready within the agreed cluster time
    When the custodian disables the key
    Then the search nodes of cluster "payments" are gone within the agreed pause time
    When the custodian enables the key
    Then the search nodes of cluster "payments" are ready within the agreed cluster time
    When the custodian disables the key
    Then the search nodes of cluster "payments" are gone within the agreed pause time
    When the custodian enables the key
    Then the search nodes of cluster "payments" are being rebuilt within the agreed recovery time
    And the search nodes of cluster "payments" are ready within the agreed cluster time

  @req:EAR-139
  Scenario: Search nodes of a cluster on Atlas's own key stay
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
    When the operator adds search nodes to cluster "archive"
    Then the search nodes of cluster "archive" are ready within the agreed cluster time
    When the custodian disables the key
    Then the search nodes of cluster "archive" stay ready for 1 hours

  @req:EAR-139
  Scenario: A vault that cannot be reached leaves search nodes as they are
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator adds search nodes to cluster "payments"
    Then the search nodes of cluster "payments" are ready within the agreed cluster time
    When the custodian closes the vault's public side
    Then the search nodes of cluster "payments" stay ready for 1 hours
