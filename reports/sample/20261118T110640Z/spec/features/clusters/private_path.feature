@destructive
Feature: Once an endpoint is approved, clusters use the private path only
  Existing clusters move to it, new ones start on it, and the vault's public side can be closed without effect.

  Rule: Approval moves existing clusters to the private path

    @req:EAR-069 @req:EAR-070
    Scenario Outline: Clusters in <region> from the days of public networking survive the closing of the public side
      Given a project that uses the customer's key
      And a cluster "payments" in <region> encrypted with the customer's key
      And a cluster "ledger" in <region> encrypted with the customer's key
      When the operator requires private networking
      And the operator asks for a private endpoint in <region>
      Then the private endpoint in <region> is waiting for approval within the agreed creation time
      When the custodian approves the connection in <region>
      Then the private endpoint in <region> is active within 3 minutes
      When 30 minutes pass
      And the custodian closes the vault's public side
      Then the vault's public side is closed
      And Atlas raises no alert that the key cannot be reached for 1 hours
      And cluster "payments" is running
      And cluster "ledger" is running
      And the project finds its key valid

      Examples: Regions of two continents
        | region       |
        | US_EAST_2    |
        | EUROPE_NORTH |

    @req:EAR-069 @req:EAR-102 @negative-control
    Scenario: Without private networking the closed vault is out of reach
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then the vault's public side is closed
      And Atlas raises the alert that the key cannot be reached within the agreed alert time
      And cluster "payments" stays running for 2 hours

  Rule: With private networking in use the vault's public side can be closed

    @req:EAR-070 @req:EAR-072
    Scenario: Closing the vault's public side changes nothing for encrypted clusters
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then the vault's public side is closed
      And cluster "payments" stays running for 1 hours
      And Atlas raises no alert that the key cannot be reached for 20 minutes
      And the project finds its key valid

    @req:EAR-072 @req:EAR-009
    Scenario: Clusters in two regions need no public way to the vault
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When the custodian closes the vault's public side
      Then Atlas raises no alert that the key cannot be reached for 1 hours
      And cluster "payments" is running
      And the project finds its key valid

  Rule: New clusters use the private path from the start

    @req:EAR-071
    Scenario: A cluster made after the vault's public side was closed uses the key
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When 1 hours pass
      And the custodian closes the vault's public side
      And the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time
      And Atlas raises no alert that the key cannot be reached for 1 hours
      And cluster "payments" is running
      And the project finds its key valid

  Rule: Private networking needs no upkeep of addresses

    @req:EAR-099 @negative-control
    Scenario: Under public networking, a node with a new address cannot reach a vault that is limited by address
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian lets only Atlas's present addresses reach the vault
      And the operator extends cluster "payments" to US_EAST_2 and EUROPE_NORTH
      Then Atlas raises the alert that the key cannot be reached within the agreed cluster time

    @req:EAR-099 @req:EAR-012
    Scenario: Under public networking, the addresses that Atlas publishes are all that its present nodes need
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      When the custodian lets only Atlas's present addresses reach the vault
      Then Atlas raises no alert that the key cannot be reached for 2 hours
      And the project finds its key valid

    @req:EAR-099
    Scenario: Under private networking, a new node reaches the vault without any change to its addresses
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian lets only Atlas's present addresses reach the vault
      And the operator extends cluster "payments" to US_EAST_2 and EUROPE_NORTH
      Then the request is accepted
      And Atlas raises no alert that the key cannot be reached for 2 hours
      And cluster "payments" is running
