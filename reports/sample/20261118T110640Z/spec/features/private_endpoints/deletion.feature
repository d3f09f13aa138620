@active
Feature: A private endpoint is deleted on request, and not while it is being created
  Deleting frees the region; until the record is gone it still counts as an endpoint.

  @req:EAR-061
  Scenario Outline: An endpoint that is <state> is deleted
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is <state>
    When the operator deletes the private endpoint in US_EAST_2
    Then the request is accepted
    And the private endpoint in US_EAST_2 passes through being deleted within 1 seconds
    And the private endpoint in US_EAST_2 is gone within the agreed deletion time
    And the private endpoint in US_EAST_2 has left no connection on the vault
    And the project requires private networking

    Examples: States from which deletion is documented
      | state                |
      | waiting for approval |
      | active               |

  @req:EAR-061 @needs:stage
  Scenario: A failed endpoint is deleted
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is failed
    When the operator deletes the private endpoint in US_EAST_2
    Then the request is accepted
    And the private endpoint in US_EAST_2 is gone within the agreed deletion time

  @req:EAR-061
  Scenario: Deleting one endpoint leaves the other active
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
    When the operator deletes the private endpoint in US_EAST_2
    Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
    And the private endpoint in EUROPE_NORTH stays active for 10 minutes

  @req:EAR-061
  Scenario: A deleted endpoint never comes back
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is being deleted
    When 10 minutes pass
    Then the private endpoint in US_EAST_2 stays gone for 30 minutes
    And no private endpoint exists

  @req:EAR-062
  Scenario: An endpoint that is being created cannot be deleted
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is being created
    When the operator deletes the private endpoint in US_EAST_2
    Then the request is refused because the endpoint is still being created
    And the refusal names the private endpoint in US_EAST_2
    And the private endpoint in US_EAST_2 is waiting for approval within the agreed creation time

  @req:EAR-062 @needs:stage
  Scenario: An endpoint whose creation is stuck cannot be deleted either
    Given a project that uses the customer's key over private networking
    And Atlas cannot finish creating endpoints
    And a private endpoint in US_EAST_2 that is being created
    When 3 hours pass
    And the operator deletes the private endpoint in US_EAST_2
    Then the request is refused because the endpoint is still being created
    And the private endpoint in US_EAST_2 is being created
