@active @needs:stage @needs:standing @negative-control
Feature: An audit of the posture finds what is out of order, and names it
  Each check is put to a project in which the very thing has gone wrong, once.

  Background:
    Given a project as it stands

  @req:AKV-002
  Scenario: The public side was opened
    When the custodian opens the vault's public side
    Then the auditor denies that the vault's public access is really off

  @req:AKV-006
  Scenario: The key ends tomorrow
    Given the key expires 1 day from now
    Then the auditor denies that the key in use has an end that is not near

  @req:AKV-008
  Scenario: Azure rotated the key, and Atlas was not moved
    When the custodian rotates the key in the vault
    Then the auditor denies that Atlas uses the newest version of the key

  @req:AKV-009
  Scenario: The key is used for longer than agreed
    When 366 days pass
    Then the auditor denies that the key in use is no older than the agreed rotation time

  @req:AKV-013
  Scenario: Atlas has lost its role
    When the custodian takes away Atlas's role on the vault
    Then the auditor denies that Atlas may use the key and nothing more

  @req:AKV-018
  Scenario: An endpoint waits for days
    Given a private endpoint in CANADA_CENTRAL that is waiting for approval
    When 2 days pass
    Then the auditor denies that nothing waits for approval longer than the agreed approval time

  @req:AKV-019
  Scenario: A connection was rejected and is still there
    When the custodian rejects the connection in EUROPE_NORTH
    Then the auditor denies that no rejected or disconnected connection is left over

  @req:AKV-015 @req:AKV-020
  Scenario: A region has lost its connection, and Atlas has not noticed yet
    When the custodian removes the connection in EUROPE_NORTH
    Then the auditor denies that every private endpoint of Atlas has its connection on the vault
    And the auditor denies that every region in use has exactly one endpoint that works

  @req:AKV-021
  Scenario: A provider is not registered
    Given the subscription has not registered Microsoft.Network
    Then the auditor denies that the providers for networks and for vaults are registered

  @req:AKV-022 @reading:static_credentials
  Scenario: The client secret ends next week
    Given the client secret expires 7 days from now
    Then the auditor denies that the secret that Atlas signs in with lasts longer than the agreed renewal time

  @req:AKV-024
  Scenario: A cluster is left out
    Given a backed-up cluster "ledger" in US_EAST_2 encrypted with Atlas's own key
    Then the auditor denies that every cluster and its search nodes use the customer's key

  @req:AKV-025 @reading:cmk_forbids_backup
  Scenario: A cluster is not backed up
    Given a cluster "ledger" in US_EAST_2 encrypted with the customer's key
    Then the auditor denies that backups are kept and name the customer's key
