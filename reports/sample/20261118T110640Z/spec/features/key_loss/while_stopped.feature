@destructive
Feature: What can be done while Atlas has shut a cluster down
  Its owners are told, and changes are taken down until the key is back.

  Rule: The owners of the project are told

    @req:EAR-107 @reading:key_disabled_rendering
    Scenario: A revoked key raises the alert that goes to the Project Owners, and the cluster reads as disabled
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then Project Owners are to be told by e-mail of a configuration that is no longer valid
      And Atlas raises the alert that the key configuration is no longer valid within the agreed alert time
      And cluster "payments" is stopped within the agreed pause time

    @req:EAR-107
    Scenario: A vault that cannot be reached is no such alert
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then Atlas raises no alert that the key configuration is no longer valid for 2 hours
      And cluster "payments" is running

  Rule: Changes are accepted, and carried out once the key is back

    @req:EAR-109 @reading:key_disabled_rendering
    Scenario: A cluster that was shut down takes a change and carries it out with the key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then cluster "payments" is stopped within the agreed pause time
      When the operator enlarges cluster "payments"
      Then the request is accepted
      And cluster "payments" stays being changed for 2 hours
      When the custodian enables the key
      Then cluster "payments" is enlarged within the agreed cluster time

    @req:EAR-109 @reading:key_disabled_rendering=unchanged
    Scenario: A cluster whose shutdown does not show takes a change and carries it out with the key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then the activity feed says that the key became invalid within 15 minutes
      When 20 minutes pass
      And the operator enlarges cluster "payments"
      Then the request is accepted
      And cluster "payments" stays being changed for 2 hours
      When the custodian enables the key
      Then cluster "payments" is enlarged within the agreed cluster time

    @req:EAR-109
    Scenario: Under private networking a cluster that was shut down takes a change as well
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      And 30 minutes pass
      And the operator adds two nodes to cluster "payments"
      Then the request is accepted
      And cluster "payments" stays being changed for 1 hours
      When the custodian enables the key
      Then cluster "payments" is of five nodes within the agreed cluster time

    @req:EAR-109
    Scenario: A running cluster carries out the same change by itself
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator enlarges cluster "payments"
      Then the request is accepted
      And cluster "payments" is enlarged within the agreed cluster time

    @req:EAR-109 @req:EAR-097
    Scenario: A cluster that its owner paused takes no change
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator pauses cluster "payments"
      Then cluster "payments" is paused
      When the operator enlarges cluster "payments"
      Then the request is refused because the cluster is paused
