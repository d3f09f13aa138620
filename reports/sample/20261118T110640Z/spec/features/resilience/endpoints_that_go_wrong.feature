@active
Feature: Game day: a new private endpoint goes wrong
  An endpoint is made in a region that has none, and something goes wrong with it. What carries traffic elsewhere is not
  touched, and whatever came of it can be taken away again.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy

  Rule: It is never used, and does nothing to the others

    @req:EAR-055
    Scenario Outline: <fault> beside an endpoint that works
      When the breaker brings about "<fault>" in EUROPE_NORTH for at most 4 hours
      Then the private endpoint in EUROPE_NORTH stays unused for 1 hours
      And the private endpoint in US_EAST_2 is active
      And the project is healthy
      And every fault is still in force
      When everything that was broken is undone
      Then private endpoints exist in US_EAST_2 only
      And the project is healthy
      And everything that was broken is as it was

      Examples: What the vault's owner may do, and may leave undone
        | fault                   |
        | withhold-approval       |
        | reject-pending-endpoint |

    @req:EAR-061 @needs:stage
    Scenario: An endpoint that fails says so, and can be deleted
      When the breaker brings about "failed-endpoint" in EUROPE_NORTH for at most 4 hours
      Then the private endpoint in EUROPE_NORTH is failed
      And the private endpoint in EUROPE_NORTH explains why it failed
      And the private endpoint in US_EAST_2 stays active for 1 hours
      When everything that was broken is undone
      Then private endpoints exist in US_EAST_2 only
      And the project is healthy
      And everything that was broken is as it was

    @req:EAR-053 @needs:stage
    Scenario: An endpoint that is being created for ever goes once it has been created
      When the breaker brings about "stuck-endpoint" in EUROPE_NORTH for at most 4 hours
      Then the private endpoint in EUROPE_NORTH stays being created for 1 hours
      And the private endpoint in US_EAST_2 is active
      And every fault is still in force
      When everything that was broken is undone
      Then private endpoints exist in US_EAST_2 only
      And the project is healthy
      And everything that was broken is as it was

  Rule: Whoever deletes it too early is told so

    @req:EAR-054 @req:EAR-061
    Scenario: An endpoint outlives a deletion that comes too early, and not one that comes in time
      When the breaker brings about "delete-while-initiating" in EUROPE_NORTH for at most 1 hours
      Then the private endpoint in EUROPE_NORTH is waiting for approval within the agreed creation time
      When everything that was broken is undone
      Then private endpoints exist in US_EAST_2 only
      And everything that was broken is as it was
