@destructive
Feature: A snapshot can be restored only with the key it was taken under
  Backups of an encrypted cluster are encrypted as well, and so need their key as long as they are kept.

  @req:EAR-130 @req:EAR-131 @reading:cmk_forbids_backup
  Scenario: A snapshot of an encrypted cluster names its key
    Given a project that uses the customer's key
    And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator takes a snapshot of cluster "payments"
    Then cluster "payments" has an encrypted snapshot within the agreed cluster time

  @req:EAR-130 @req:EAR-131 @reading:cmk_forbids_backup
  Scenario: A snapshot of a cluster on Atlas's own key names none
    Given a project that uses the customer's key
    And a backed-up cluster "archive" in US_EAST_2 encrypted with Atlas's own key
    When the operator takes a snapshot of cluster "archive"
    Then cluster "archive" has a snapshot that names no key within the agreed cluster time

  @req:EAR-132 @req:EAR-127 @reading:cmk_forbids_backup
  Scenario: A snapshot whose key version is disabled cannot be restored
    Given a project that uses the customer's key
    And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator takes a snapshot of cluster "payments"
    Then cluster "payments" has an encrypted snapshot within the agreed cluster time
    When the operator moves the project to the next version of the key
    And 2 hours pass
    And the custodian disables the version of the key used before
    And the operator restores the snapshot of cluster "payments" onto cluster "payments"
    Then the request is refused because the key of the snapshot cannot be used

  @req:EAR-132 @reading:cmk_forbids_backup
  Scenario: A snapshot can be restored once its key version is enabled again
    Given a project that uses the customer's key
    And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
    When the operator takes a snapshot of cluster "payments"
    Then cluster "payments" has an encrypted snapshot within the agreed cluster time
    When the operator moves the project to the next version of the key
    And 2 hours pass
    And the custodian disables the version of the key used before
    And the custodian enables the version of the key used before
    And the operator restores the snapshot of cluster "payments" onto cluster "payments"
    Then the request is accepted
