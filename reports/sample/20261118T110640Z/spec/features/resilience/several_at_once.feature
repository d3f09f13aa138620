@destructive
Feature: Game day: several faults overlap
  Faults begin and end one after the other. What one of them takes away is not given back by the end of another.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy

  Rule: The clusters come back with the last thing that the key needs, and not before

    @req:EAR-111 @req:EAR-112 @reading:key_disabled_rendering
    Scenario Outline: <first> and <second> are in force together, and <first> ends first
      When the breaker brings about "<first>" for at most 6 hours
      Then cluster "payments" is stopped within the agreed pause time
      When the breaker brings about "<second>" for at most 6 hours
      And the breaker undoes "<first>"
      Then cluster "payments" stays stopped for 1 hours
      And every fault is still in force
      When the breaker undoes "<second>"
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

      Examples: In either order
        | first        | second       |
        | disable-key  | remove-roles |
        | remove-roles | disable-key  |
        | delete-key   | remove-roles |

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario: Key and roles are lost in the same moment
      When the breaker brings about "disable-key" and "remove-roles" for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

  Rule: Links are lost and replaced each by itself

    @req:EAR-063 @req:EAR-102 @req:EAR-103 @reading:link_loss_means
    Scenario: The second region loses its way while the first still waits for a new one
      When the breaker brings about "reject-endpoint" in US_EAST_2 for at most 6 hours
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      When the breaker brings about "remove-endpoint" in EUROPE_NORTH for at most 6 hours
      Then the replacement in EUROPE_NORTH is waiting for approval within the agreed recreation time
      And cluster "payments" stays running for 2 hours
      When the breaker undoes "reject-endpoint"
      Then the replacement in US_EAST_2 is active
      And the replacement in EUROPE_NORTH is waiting for approval
      When the breaker undoes "remove-endpoint"
      Then the project is healthy within the agreed alert time
      And every region with an encrypted cluster has an active private endpoint
      And everything that was broken is as it was

    @req:EAR-065 @req:EAR-072
    Scenario: A link is lost and replaced while the vault's public side is closed
      When the breaker brings about "close-public-side" for at most 6 hours
      And the breaker brings about "reject-endpoint" in US_EAST_2 for at most 4 hours
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      When the breaker undoes "reject-endpoint"
      Then the project is healthy within the agreed alert time
      And every fault is still in force
      When the breaker undoes "close-public-side"
      Then the project is healthy
      And everything that was broken is as it was
