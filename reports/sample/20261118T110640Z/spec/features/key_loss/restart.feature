@destructive
Feature: A running cluster outlives a vault that cannot be reached, a restarted one does not
  Nodes keep what they need in memory. Who starts anew needs the key, from at least one node.

  Rule: A cluster that is restarted while the vault cannot be reached stays down

    @req:EAR-104 @reading:key_disabled_rendering
    Scenario: Restarted while the vault's public side is closed, a cluster stops until it is open again
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      And the operator restarts cluster "payments"
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "payments" stays stopped for 1 hours
      When the custodian opens the vault's public side
      Then cluster "payments" is running within the agreed recovery time

    @req:EAR-104 @req:EAR-102
    Scenario: Without a restart a cluster keeps running while the vault's public side is closed
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then cluster "payments" stays running for 1 days

    @req:EAR-104
    Scenario: Restarted while its key is within reach, a cluster keeps running
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator restarts cluster "payments"
      Then the request is accepted
      And cluster "payments" stays running for 1 hours

    @req:EAR-104 @reading:key_disabled_rendering
    Scenario: Only the cluster that is restarted stops
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      And the operator restarts cluster "payments"
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "ledger" stays running for 2 hours

    @req:EAR-104
    Scenario: A cluster on Atlas's own key can be restarted while the vault's public side is closed
      Given a project that uses the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the custodian closes the vault's public side
      And the operator restarts cluster "archive"
      Then the request is accepted
      And cluster "archive" stays running for 1 hours

    @req:EAR-104 @needs:stage @reading:key_disabled_rendering
    Scenario: Restarted while the vault's region has failed, a cluster stops until the region works again
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the vault's region fails
      And the operator restarts cluster "payments"
      Then cluster "payments" is stopped within the agreed pause time
      When the vault's region works again
      Then cluster "payments" is running within the agreed recovery time

  Rule: One node that can use the key is enough

    @req:EAR-105 @req:EAR-102
    Scenario: A cluster in two regions that loses one link keeps running
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When 1 hours pass
      And the custodian rejects the connection in US_EAST_2
      Then Atlas raises the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And cluster "payments" stays running for 2 hours

    @req:EAR-105
    Scenario Outline: A cluster in two regions that has lost its link in <lost> comes back from a restart
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When 1 hours pass
      And the custodian rejects the connection in <lost>
      And 10 minutes pass
      And the operator restarts cluster "payments"
      Then the request is accepted
      And cluster "payments" stays running for 1 hours

      Examples: Either of them
        | lost         |
        | US_EAST_2    |
        | EUROPE_NORTH |

    @req:EAR-105 @req:EAR-104 @negative-control @reading:key_disabled_rendering
    Scenario: A cluster that has lost both links does not come back from a restart
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When 1 hours pass
      And the custodian rejects the connection in US_EAST_2
      And the custodian rejects the connection in EUROPE_NORTH
      And 10 minutes pass
      And the operator restarts cluster "payments"
      Then cluster "payments" is stopped within the agreed pause time

    @req:EAR-105
    Scenario: A cluster whose preferred region is cut off goes on with the key in its other region
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When the operator cuts off the preferred region of cluster "payments"
      Then the request is accepted
      And cluster "payments" stays running for 2 hours
      And the project finds its key valid
      When the operator ends the outage of cluster "payments"
      Then the request is accepted
      And cluster "payments" stays running for 1 hours

    @req:EAR-105 @reading:link_loss_means
    Scenario: A cluster whose one region is cut off and whose other region lost its link is not shut down
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When 1 hours pass
      And the custodian rejects the connection in EUROPE_NORTH
      And 10 minutes pass
      And the operator cuts off the preferred region of cluster "payments"
      Then the request is accepted
      And cluster "payments" stays running for 2 hours
