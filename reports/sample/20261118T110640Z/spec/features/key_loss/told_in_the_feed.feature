@destructive
Feature: Atlas tells when a key is lost and when it is back
  Each loss and each recovery is told once, for the cluster that it concerns, and the alerts follow.

  Rule: A key that becomes invalid, and valid again, is told each time

    @req:EAR-117
    Scenario: A key that is disabled and enabled again is told of, once each and in that order
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then the activity feed says that the key became invalid within 15 minutes
      And Atlas raises the alert that the key is invalid within the agreed alert time
      And Atlas raises the alert that the key configuration is no longer valid within the agreed alert time
      And the activity feed says once that the key became invalid
      And the activity feed says once that the key configuration is no longer valid
      And the activity feed says nowhere that the key became valid again
      When the custodian enables the key
      Then the activity feed says that the key became valid again within 15 minutes
      And Atlas closes the alert that the key is invalid within the agreed alert time
      And Atlas closes the alert that the key configuration is no longer valid within the agreed alert time
      And the activity feed says once that the key became valid again
      And the activity feed says once that the key configuration is valid again
      And the activity feed says once that the key became invalid

    @req:EAR-117
    Scenario: A key that is lost and restored a second time is told of a second time
      Given a project that uses the customer's key
      When the custodian disables the key
      Then Atlas raises the alert that the key is invalid within the agreed alert time
      When the custodian enables the key
      Then Atlas closes the alert that the key is invalid within the agreed alert time
      When the custodian disables the key
      Then Atlas raises the alert that the key is invalid within the agreed alert time
      And Atlas raises the alert that the key configuration is no longer valid within the agreed alert time
      And the activity feed says twice that the key became invalid
      And the activity feed says once that the key became valid again
      When the custodian enables the key
      Then Atlas closes the alert that the key is invalid within the agreed alert time
      And Atlas closes the alert that the key configuration is no longer valid within the agreed alert time
      And the activity feed says twice that the key became valid again
      And the activity feed says twice that the key configuration is valid again

    @req:EAR-117
    Scenario: A key that stays disabled is told of once
      Given a project that uses the customer's key
      When the custodian disables the key
      And 6 hours pass
      Then the activity feed says once that the key became invalid
      And the activity feed says once that the key configuration is no longer valid
      And Atlas raises the alert that the key is invalid within 1 minutes

    @req:EAR-117
    Scenario: A vault that cannot be reached is not an invalid key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then Atlas raises no alert that the key is invalid for 2 hours
      And the activity feed says nowhere that the key became invalid
      And the activity feed says nowhere that the key configuration is no longer valid

  Rule: A way to the vault that is denied, and restored, is told for the cluster concerned

    @req:EAR-118 @req:EAR-103
    Scenario: Under public networking every cluster that uses the key is told of, and no other
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the custodian closes the vault's public side
      Then Atlas raises the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And Atlas raises the alert that the key cannot be reached on cluster "ledger" within the agreed alert time
      And the activity feed says once that the key could not be reached on cluster "payments"
      And the activity feed says once that the key could not be reached on cluster "ledger"
      And the activity feed says nowhere that the key could not be reached on cluster "archive"
      And the activity feed says nowhere that the key could be reached again
      When the custodian opens the vault's public side
      Then Atlas closes the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And Atlas closes the alert that the key cannot be reached on cluster "ledger" within the agreed alert time
      And the activity feed says once that the key could be reached again on cluster "payments"
      And the activity feed says once that the key could be reached again on cluster "ledger"
      And the activity feed says nowhere that the key could be reached again on cluster "archive"

    @req:EAR-118 @req:EAR-103
    Scenario: A way that is denied and restored a second time is told of a second time
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      Then Atlas raises the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      When the custodian opens the vault's public side
      Then Atlas closes the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      When the custodian closes the vault's public side
      Then Atlas raises the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And the activity feed says twice that the key could not be reached on cluster "payments"
      When the custodian opens the vault's public side
      Then Atlas closes the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And the activity feed says twice that the key could be reached again on cluster "payments"

    @req:EAR-118
    Scenario: A way that stays denied is told of once
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian closes the vault's public side
      And 6 hours pass
      Then the activity feed says once that the key could not be reached on cluster "payments"
      And Atlas raises the alert that the key cannot be reached on cluster "payments" within 1 minutes

    @req:EAR-118
    Scenario: A lost link is told of for the cluster of its region, until its replacement is approved
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      When 1 hours pass
      And the custodian rejects the connection in US_EAST_2
      Then Atlas raises the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And the activity feed says once that the key could not be reached on cluster "payments"
      And the activity feed says nowhere that the key could not be reached on cluster "ledger"
      And the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      When the custodian approves the connection of the replacement in US_EAST_2
      Then Atlas closes the alert that the key cannot be reached on cluster "payments" within the agreed alert time
      And the activity feed says once that the key could be reached again on cluster "payments"
      And the activity feed says nowhere that the key could be reached again on cluster "ledger"

    @req:EAR-103
    Scenario: A project watches from the beginning for a vault that cannot be reached
      Given a project without a customer key
      When the auditor reads the configuration
      Then Atlas watches for a vault that cannot be reached
