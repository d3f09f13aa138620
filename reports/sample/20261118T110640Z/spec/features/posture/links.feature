@passive @needs:standing @posture
Feature: Every private endpoint is accounted for on both sides
  Atlas knows its endpoints, the vault knows its connections. They are joined by the private endpoint that a connection
  leads to, never by its name alone.

  Background:
    Given a project as it stands

  @req:AKV-015
  Scenario: Both sides agree
    Then every private endpoint of Atlas has its connection on the vault

  @req:AKV-016
  Scenario: No orphans
    Then no connection on the vault is an orphan

  @req:AKV-017
  Scenario: No strangers
    Then no stranger is let into the vault

  @req:AKV-018
  Scenario: Nobody waits too long
    Then nothing waits for approval longer than the agreed approval time

  @req:AKV-019
  Scenario: No leftovers
    Then no rejected or disconnected connection is left over

  @req:AKV-020
  Scenario: One endpoint for each region
    Then every region in use has exactly one endpoint that works
