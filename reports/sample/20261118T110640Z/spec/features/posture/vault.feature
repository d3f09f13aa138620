@passive @needs:standing @posture
Feature: The vault lets in nobody but those it is for, keeps what it holds, and is watched
  What benchmarks ask of every key vault, read as strictly as they mean it: what an answer leaves out is not on.

  Background:
    Given a project as it stands

  @req:AKV-001
  Scenario: The vault is reached privately
    Then the vault is reached through a private endpoint

  @req:AKV-002
  Scenario: Public access is really off
    Then the vault's public access is really off

  @req:AKV-003
  Scenario: The firewall is closed
    Then the vault's firewall lets nobody in from the internet

  @req:AKV-004
  Scenario: Nothing can be purged
    Then nothing in the vault can be lost for good

  @req:AKV-005
  Scenario: Permissions are roles
    Then the vault grants permissions by roles

  @req:AKV-011
  Scenario: Audit logs leave the vault
    Then the vault's audit log is sent somewhere

  @req:AKV-012
  Scenario: Defender is on
    Then Defender watches over the vault

  @req:AKV-021
  Scenario: Providers are registered
    Then the providers for networks and for vaults are registered
