@active
Feature: The customer's key is rotated by the customer, within the configured vault
  Atlas follows when it is told, never on its own, and reminds who forgets.

  Rule: A new version of the key in the configured vault is accepted

    @req:EAR-126
    Scenario: The project moves to the next version of its key
      Given a project that uses the customer's key
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the project shows the key in use
      And the project finds its key valid

    @req:EAR-126
    Scenario: A key in another vault is refused
      Given a project that uses the customer's key
      When the operator moves the project to a key in another vault
      Then the request is refused because the key is not in the configured vault
      And the configuration is unchanged

    @req:EAR-126
    Scenario: A key in another vault is refused under private networking as well
      Given a project that uses the customer's key over private networking
      When the operator moves the project to a key in another vault
      Then the request is refused because the key is not in the configured vault
      And the configuration is unchanged

    @req:EAR-074 @req:EAR-126
    Scenario: Under private networking a rotation leaves endpoint and cluster as they are
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the project shows the key in use
      And the private endpoint in US_EAST_2 stays active for 30 minutes
      And cluster "payments" is running within the agreed cluster time
      And the project finds its key valid

    @req:EAR-122
    Scenario: Atlas does not follow a rotation by itself
      Given a project that uses the customer's key
      When the custodian rotates the key in the vault
      And 2 days pass
      Then the configuration is unchanged

  Rule: Atlas rotates its own master keys at least every 90 days

    @req:EAR-121 @needs:time-travel
    Scenario: Within 90 days the master keys are rotated
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When 90 days pass
      Then the activity feed says that a key rotation started within 1 seconds
      And cluster "payments" is running

  Rule: Atlas reminds the customer to rotate

    @req:EAR-123 @needs:time-travel
    Scenario: Before 90 days are over there is nothing to remind of
      Given a project that uses the customer's key
      When 88 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days

    @req:EAR-123 @needs:time-travel
    Scenario: After 90 days without rotation Atlas raises an alert
      Given a project that uses the customer's key
      When 90 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
