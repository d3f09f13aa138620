@destructive
Feature: Game day: machines are lost
  A region of a cluster goes, or its primaries restart at the worst moment. One node that has its key is enough; none is
  too few.

  Rule: The other regions keep the cluster and its key in use

    @req:EAR-105
    Scenario: A region is cut off for two hours
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "lose-region" in US_EAST_2 for at most 4 hours
      Then cluster "payments" stays running for 2 hours
      And the project finds its key valid
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy within the agreed recovery time
      And everything that was broken is as it was

    @req:EAR-105 @req:EAR-102 @reading:link_loss_means
    Scenario: A region is cut off while the other has lost its way to the vault
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "reject-endpoint" in EUROPE_NORTH for at most 4 hours
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      When the breaker brings about "lose-region" in US_EAST_2 for at most 4 hours
      Then cluster "payments" stays running for 2 hours
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy within the agreed alert time
      And everything that was broken is as it was

  Rule: Who starts anew needs the key

    @req:EAR-104 @reading:key_disabled_rendering
    Scenario: The primaries are restarted while the vault's public side is closed
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "restart-while-unreachable" for at most 4 hours
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "payments" stays stopped for 2 hours
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

    @req:EAR-102 @req:EAR-103 @negative-control
    Scenario: Without a restart the closed vault stops nothing
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "cut-off-public-project" for at most 1 days
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      And cluster "payments" stays running for 12 hours
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy within the agreed alert time
      And everything that was broken is as it was
