@destructive
Feature: Game day: the key is lost, and found again
  A project that is healthy loses what it needs to use its key, one way after the other. The clusters stop at the next
  check, nothing else is touched, and what was lost is all that has to come back.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
    And the project is healthy

  Rule: While the key cannot be used, the clusters under it are stopped, and no others

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario Outline: <fault>, held for an hour
      When the breaker brings about "<fault>" for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "payments" stays stopped for 1 hours
      And cluster "archive" is running
      And the private endpoint in US_EAST_2 is active
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And cluster "payments" stays running for 1 hours
      And everything that was broken is as it was

      Examples: Everything that the use of the key rests on in the vault
        | fault        |
        | disable-key  |
        | delete-key   |
        | expire-key   |
        | remove-roles |

  Rule: A short loss is a loss all the same

    @req:EAR-112 @reading:key_disabled_rendering
    Scenario: The key is lost twice on one day
      When the breaker brings about "disable-key" for at most 1 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      When the breaker brings about "remove-roles" for at most 1 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

    @req:EAR-112 @reading:key_disabled_rendering
    Scenario: A key that comes back only the next day brings the clusters back only then
      When the breaker brings about "delete-key" for at most 2 days
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "payments" stays stopped for 1 days
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And everything that was broken is as it was

  Rule: A rotation is no loss

    @req:EAR-074 @req:EAR-122
    Scenario: The key is rotated and rotated back, and nobody notices
      When the breaker brings about "rotate-key" for at most 2 hours
      Then cluster "payments" stays running for 1 hours
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" stays running for 1 hours
      And the project is healthy
      And everything that was broken is as it was
