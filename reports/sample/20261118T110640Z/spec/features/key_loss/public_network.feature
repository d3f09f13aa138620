@destructive
Feature: Atlas pauses clusters only if its control plane can ask the vault
  Under public networking the control plane checks the key. A vault that does not admit it keeps it from noticing a
  revocation, so whoever revokes a key there has to pause the clusters by hand.

  @req:EAR-113
  Scenario Outline: Behind a vault that admits only the nodes, who <revokes> has to pause the cluster
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the custodian <revokes>
    And the custodian lets only the present addresses of nodes reach the vault
    Then cluster "payments" stays running for 2 hours
    And the activity feed says nowhere that the key became invalid
    When 5 minutes pass
    And the operator pauses cluster "payments"
    Then the request is accepted
    And cluster "payments" is paused

    Examples: Ways to revoke access
      | revokes                              |
      | disables the key                     |
      | takes away Atlas's role on the vault |

  @req:EAR-113 @reading:key_disabled_rendering
  Scenario Outline: Behind a vault that admits the control plane too, who <revokes> pauses the cluster
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the custodian <revokes>
    And the custodian lets only Atlas's present addresses reach the vault
    Then cluster "payments" is stopped within 2 hours

    Examples: Ways to revoke access
      | revokes                              |
      | disables the key                     |
      | takes away Atlas's role on the vault |
