@destructive
Feature: Game day: the private way to the vault is cut
  Whatever happens to the connection, nothing is shut down: an alert opens, Atlas makes another endpoint, and the
  custodian's approval of it is all that is needed.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active

  Rule: A key that cannot be reached raises an alert and stops nothing

    @req:EAR-102 @req:EAR-103 @req:EAR-065 @reading:link_loss_means
    Scenario Outline: <fault> under a cluster of one region, held for six hours
      Given a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "<fault>" in US_EAST_2 for at most 8 hours
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      And cluster "payments" stays running for 6 hours
      And the private endpoint in EUROPE_NORTH is active
      And every fault is still in force
      When everything that was broken is undone
      Then every region with an encrypted cluster has an active private endpoint
      And Atlas closes the alert that the key cannot be reached within the agreed alert time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

      Examples: Ways to cut the way of a region
        | fault             |
        | reject-endpoint   |
        | remove-endpoint   |
        | flapping-endpoint |

    @req:EAR-102 @req:EAR-103 @reading:link_loss_means
    Scenario: The ways of all regions are cut at once
      Given a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "lose-every-endpoint" for at most 8 hours
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      And cluster "payments" stays running for 6 hours
      And every fault is still in force
      When everything that was broken is undone
      Then every region with an encrypted cluster has an active private endpoint
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

  Rule: One region's loss is that region's alone

    @req:EAR-063 @req:EAR-064 @req:EAR-065
    Scenario: While one region waits for its new endpoint, the other keeps its old one
      Given a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "reject-endpoint" in US_EAST_2 for at most 4 hours
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      And the replacement in US_EAST_2 stays waiting for approval for 30 minutes
      And the private endpoint in EUROPE_NORTH stays active for 30 minutes
      When everything that was broken is undone
      Then the replacement in US_EAST_2 is active
      And the private endpoint in US_EAST_2 is gone
      And everything that was broken is as it was

    @req:EAR-111 @negative-control @reading:key_disabled_rendering
    Scenario: The same clusters do stop when it is the key that is lost, and not the way to it
      Given a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "disable-key" for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And everything that was broken is as it was
