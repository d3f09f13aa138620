@active
Feature: A snapshot goes only where its encryption fits
  A restore keeps source and target under the same owner of the key, and gives the target a new master key.

  Rule: Snapshot and cluster have the same owner of their key

    @req:EAR-133 @reading:cmk_forbids_backup
    Scenario Outline: A snapshot of a cluster with <source> does not go to one with <target>
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with <source>
      And a backed-up cluster "ledger" in US_EAST_2 encrypted with <target>
      When the operator takes a snapshot of cluster "payments"
      Then cluster "payments" has <snapshot> within the agreed cluster time
      When the operator restores the snapshot of cluster "payments" onto cluster "ledger"
      Then the request is refused because snapshot and cluster are encrypted differently
      And cluster "ledger" stays running for 20 minutes

      Examples: Both directions
        | source             | target             | snapshot                     |
        | the customer's key | Atlas's own key    | an encrypted snapshot        |
        | Atlas's own key    | the customer's key | a snapshot that names no key |

    @req:EAR-133 @req:EAR-131 @reading:cmk_forbids_backup
    Scenario Outline: A snapshot of a cluster with <owner> goes to another one with <owner>
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with <owner>
      And a backed-up cluster "ledger" in US_EAST_2 encrypted with <owner>
      When the operator takes a snapshot of cluster "payments"
      Then cluster "payments" has <snapshot> within the agreed cluster time
      When the operator restores the snapshot of cluster "payments" onto cluster "ledger"
      Then the request is accepted
      And cluster "ledger" is being changed
      And cluster "payments" is running
      And cluster "ledger" is encrypted with <owner> within the agreed cluster time

      Examples: Both owners
        | owner              | snapshot                     |
        | the customer's key | an encrypted snapshot        |
        | Atlas's own key    | a snapshot that names no key |

  Rule: A restore rotates the master key of its target

    @req:EAR-134 @reading:cmk_forbids_backup
    Scenario: Each restore to an encrypted cluster rotates the master key there
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a backed-up cluster "ledger" in US_EAST_2 encrypted with the customer's key
      When the operator takes a snapshot of cluster "payments"
      Then cluster "payments" has an encrypted snapshot within the agreed cluster time
      When the operator restores the snapshot of cluster "payments" onto cluster "ledger"
      Then the activity feed says that a key rotation started on cluster "ledger" within the agreed cluster time
      When 1 hours pass
      And the operator restores the snapshot of cluster "payments" onto cluster "ledger"
      And 1 hours pass
      Then the activity feed says twice that a key rotation started on cluster "ledger"
      And the activity feed says nowhere that a key rotation started on cluster "payments"

    @req:EAR-134 @reading:cmk_forbids_backup
    Scenario: A restore that is refused rotates nothing
      Given a project that uses the customer's key
      And a backed-up cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      And a backed-up cluster "ledger" in US_EAST_2 encrypted with the customer's key
      When the operator takes a snapshot of cluster "archive"
      Then cluster "archive" has a snapshot that names no key within the agreed cluster time
      When the operator restores the snapshot of cluster "archive" onto cluster "ledger"
      Then the request is refused because snapshot and cluster are encrypted differently
      When 1 hours pass
      Then the activity feed says nowhere that a key rotation started on cluster "ledger"

    @req:EAR-134 @reading:cmk_forbids_backup
    Scenario: A restore between clusters on Atlas's own key rotates nothing of the customer's
      Given a project that uses the customer's key
      And a backed-up cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator takes a snapshot of cluster "archive"
      Then cluster "archive" has a snapshot that names no key within the agreed cluster time
      When the operator restores the snapshot of cluster "archive" onto cluster "archive"
      Then the request is accepted
      When 1 hours pass
      Then the activity feed says nowhere that a key rotation started on cluster "archive"

  Rule: A snapshot of a Flex cluster does not go to an encrypted cluster

    @req:EAR-135 @needs:time-travel @reading:cmk_forbids_backup
    Scenario: A Flex snapshot is refused by an encrypted cluster
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator creates a Flex cluster "trial" in US_EAST_2 with Atlas's own key
      And 2 days pass
      And the operator restores the snapshot of Flex cluster "trial" onto cluster "payments"
      Then the request is refused because a Flex snapshot does not go to an encrypted cluster
      And cluster "payments" stays running for 20 minutes

    @req:EAR-135 @needs:time-travel @reading:cmk_forbids_backup
    Scenario: A Flex snapshot is taken by a cluster on Atlas's own key
      Given a project that uses the customer's key
      And a backed-up cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator creates a Flex cluster "trial" in US_EAST_2 with Atlas's own key
      And 2 days pass
      And the operator restores the snapshot of Flex cluster "trial" onto cluster "archive"
      Then the request is accepted
      And cluster "archive" is being changed

  Rule: An encrypted snapshot is not handed out

    @req:EAR-136 @reading:encrypted_download @reading:cmk_forbids_backup
    Scenario: An encrypted snapshot cannot be downloaded
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator takes a snapshot of cluster "payments"
      Then cluster "payments" has an encrypted snapshot within the agreed cluster time
      When the operator downloads the snapshot of cluster "payments"
      Then the request is refused because an encrypted snapshot is not handed out

    @req:EAR-136 @reading:encrypted_download=offered @reading:cmk_forbids_backup
    Scenario: An encrypted snapshot is handed out as it is, encrypted
      Given a project that uses the customer's key
      And a backed-up cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator takes a snapshot of cluster "payments"
      Then cluster "payments" has an encrypted snapshot within the agreed cluster time
      When the operator downloads the snapshot of cluster "payments"
      Then the request is accepted

    @req:EAR-136 @reading:cmk_forbids_backup
    Scenario: A snapshot on Atlas's own key can be downloaded
      Given a project that uses the customer's key
      And a backed-up cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator takes a snapshot of cluster "archive"
      Then cluster "archive" has a snapshot that names no key within the agreed cluster time
      When the operator downloads the snapshot of cluster "archive"
      Then the request is accepted
