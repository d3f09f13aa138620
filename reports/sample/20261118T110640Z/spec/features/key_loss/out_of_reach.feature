@destructive
Feature: A key that cannot be reached is not a key that was revoked
  Losing the way to the vault raises an alert; it does not stop clusters.

  @req:EAR-100
  Scenario: A disabled key is found at the next look at the configuration
    Given a project that uses the customer's key
    When the custodian disables the key
    Then the project finds its key invalid

  @req:EAR-100
  Scenario: Without anyone looking, a disabled key is found by the check every 15 minutes
    Given a project that uses the customer's key
    When the custodian disables the key
    Then the activity feed says that the key became invalid within 15 minutes

  @req:EAR-102 @req:EAR-103 @needs:stage
  Scenario: A failed region of the vault raises an alert and stops nothing
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the vault's region fails
    Then Atlas raises the alert that the key cannot be reached within the agreed alert time
    And cluster "payments" stays running for 2 hours
    When the vault's region works again
    Then Atlas closes the alert that the key cannot be reached within the agreed alert time

  @req:EAR-102 @req:EAR-103 @reading:link_loss_means
  Scenario: A rejected link raises an alert and stops nothing
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    When 1 hours pass
    And the custodian rejects the connection in US_EAST_2
    Then Atlas raises the alert that the key cannot be reached within the agreed alert time
    And cluster "payments" stays running for 2 hours
