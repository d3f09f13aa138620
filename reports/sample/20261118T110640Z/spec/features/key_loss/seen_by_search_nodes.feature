@destructive
Feature: Where a shutdown does not show on the cluster, it shows on its search nodes
  A cluster that is shut down for want of its key loses its search nodes. If the cluster itself reads as ever, they
  tell which clusters are down.

  Rule: A restart without the key shuts a cluster down

    @req:EAR-104 @reading:key_disabled_rendering=unchanged
    Scenario: Restarted while the vault's public side is closed, a cluster loses its search nodes until it is open again
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the custodian closes the vault's public side
      And the operator restarts cluster "payments"
      Then the search nodes of cluster "payments" are gone within the agreed pause time
      When the custodian opens the vault's public side
      Then the search nodes of cluster "payments" are ready within the agreed cluster time

    @req:EAR-104 @reading:key_disabled_rendering=unchanged
    Scenario: Without a restart a cluster keeps its search nodes while the vault's public side is closed
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the custodian closes the vault's public side
      Then the search nodes of cluster "payments" stay ready for 1 days

    @req:EAR-105 @reading:key_disabled_rendering=unchanged
    Scenario: A cluster that has lost one of two links keeps its search nodes through a restart
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When 1 hours pass
      And the custodian rejects the connection in US_EAST_2
      And 10 minutes pass
      And the operator restarts cluster "payments"
      Then the request is accepted
      And the search nodes of cluster "payments" stay ready for 1 hours

    @req:EAR-105 @req:EAR-104 @negative-control @reading:key_disabled_rendering=unchanged
    Scenario: A cluster that has lost both links loses its search nodes with a restart
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When 1 hours pass
      And the custodian rejects the connection in US_EAST_2
      And the custodian rejects the connection in EUROPE_NORTH
      And 10 minutes pass
      And the operator restarts cluster "payments"
      Then the search nodes of cluster "payments" are gone within the agreed pause time

  Rule: A revoked key shuts a cluster down if the control plane can ask the vault

    @req:EAR-107 @reading:key_disabled_rendering=unchanged
    Scenario: A revoked key raises the alert that goes to the Project Owners, and removes search nodes
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the custodian disables the key
      Then Project Owners are to be told by e-mail of a configuration that is no longer valid
      And Atlas raises the alert that the key configuration is no longer valid within the agreed alert time
      And the search nodes of cluster "payments" are gone within the agreed pause time

    @req:EAR-113 @reading:key_disabled_rendering=unchanged
    Scenario: Behind a vault that admits only the nodes, a cluster keeps its search nodes until its owner pauses it
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the custodian disables the key
      And the custodian lets only the present addresses of nodes reach the vault
      Then the search nodes of cluster "payments" stay ready for 2 hours
      When 5 minutes pass
      And the operator pauses cluster "payments"
      Then the request is accepted
      And cluster "payments" is paused

    @req:EAR-113 @reading:key_disabled_rendering=unchanged
    Scenario: Behind a vault that admits the control plane too, a cluster loses its search nodes
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the custodian disables the key
      And the custodian lets only Atlas's present addresses reach the vault
      Then the search nodes of cluster "payments" are gone within the agreed pause time

  Rule: Under private networking access that was configured wrongly shuts a cluster down

    @req:EAR-115 @reading:key_disabled_rendering=unchanged @reading:omitted_private_flag @reading:static_credentials
    Scenario: A wrong secret is accepted, removes search nodes, and the right one brings them back
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the operator changes the secret of the configuration to "not-the-secret-of-this-application"
      Then the request is accepted
      And the search nodes of cluster "payments" are gone within the agreed pause time
      When the operator enters the same credentials again
      Then the request is accepted
      And the search nodes of cluster "payments" are ready within the agreed cluster time

    @req:EAR-115 @reading:key_disabled_rendering=unchanged @reading:omitted_private_flag
    Scenario: The same credentials, entered again, leave search nodes as they are
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the operator enters the same credentials again
      Then the request is accepted
      And the search nodes of cluster "payments" stay ready for 2 hours
