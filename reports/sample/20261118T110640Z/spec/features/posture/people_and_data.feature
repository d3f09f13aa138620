@passive @needs:standing @posture
Feature: Roles are no larger than needed, all data is under the key, and people are told
  Who may administer the vault is declared beforehand; everybody else who may is found.

  Background:
    Given a project as it stands

  @req:AKV-013
  Scenario: Atlas has what it needs and no more
    Then Atlas may use the key and nothing more

  @req:AKV-014
  Scenario: Custodians are known
    Then only declared custodians administer the vault

  @req:AKV-023
  Scenario: People are told
    Then Atlas tells people when the key is in danger

  @req:AKV-024
  Scenario: Everything is under the key
    Then every cluster and its search nodes use the customer's key

  @req:AKV-025 @reading:cmk_forbids_backup
  Scenario: Backups are under the key
    Then backups are kept and name the customer's key
