@destructive
Feature: Who takes away the key takes away the data, and gives it back with the key
  Revoking access to the key stops the clusters that depend on it; restoring it brings them back.

  Rule: A revoked key stops every cluster that uses it

    @req:EAR-112 @req:EAR-101
    Scenario Outline: The customer <act> the key, and Atlas stops the cluster
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian <act> the key
      Then cluster "payments" is stopped within the agreed pause time

      Examples: Ways to revoke a key
        | act      |
        | disables |
        | deletes  |

    @req:EAR-112
    Scenario: Taking away Atlas's role on the vault stops the cluster
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian takes away Atlas's role on the vault
      Then cluster "payments" is stopped within 2 hours

    @req:EAR-112 @req:EAR-101
    Scenario: Under public networking a disabled key stops the cluster as well
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then cluster "payments" is stopped within the agreed pause time

    @req:EAR-112
    Scenario: A cluster on Atlas's own key does not notice
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the custodian disables the key
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "archive" stays running for 20 minutes

    @req:EAR-112 @req:EAR-111
    Scenario: Under private networking every cluster stops with the key and comes back with it
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 and EUROPE_NORTH encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      When the custodian disables the key
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "ledger" is stopped within the agreed pause time
      When the custodian enables the key
      Then cluster "payments" is running within the agreed recovery time
      And cluster "ledger" is running within the agreed recovery time

    @req:EAR-112 @req:EAR-111
    Scenario: Every cluster that uses the key stops
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      When the custodian disables the key
      Then cluster "payments" is stopped within the agreed pause time
      And cluster "ledger" is stopped within the agreed pause time
      When the custodian enables the key
      Then cluster "payments" is running within the agreed recovery time
      And cluster "ledger" is running within the agreed recovery time

  Rule: A restored key brings the clusters back

    @req:EAR-111 @req:EAR-112
    Scenario Outline: The customer <act> the key and then <undoes> it
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian <act> the key
      Then cluster "payments" is stopped within the agreed pause time
      When the custodian <undoes> the key
      Then cluster "payments" is running within the agreed recovery time
      And the project finds its key valid

      Examples: Ways to revoke a key and to restore it
        | act      | undoes   |
        | disables | enables  |
        | deletes  | recovers |

  Rule: A key in use must not be deleted or disabled

    @req:EAR-116
    Scenario Outline: A cluster whose key is <done> cannot be had back without the key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian <act> the key
      Then cluster "payments" is stopped within the agreed pause time
      And the project finds its key invalid
      When the operator turns off the customer's key
      Then the request is refused because clusters still use the key
      And cluster "payments" stays stopped for 1 hours

      Examples: What must not be done to a key in use
        | act      | done     |
        | disables | disabled |
        | deletes  | deleted  |

    @req:EAR-116
    Scenario: A key that is no longer in use can be disabled without harm
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to Atlas's own key
      Then cluster "payments" is encrypted with Atlas's own key within the agreed cluster time
      When the operator turns off the customer's key
      Then the request is accepted
      When the custodian disables the key
      Then cluster "payments" stays running for 1 hours

    @req:EAR-116
    Scenario: A disabled key can no longer open what it once closed, and can again when enabled
      Given a project that uses the customer's key
      And the custodian has proof that the key works
      When the custodian disables the key
      And the custodian tries the key
      Then the request is refused because the key is disabled in the vault
      When the custodian enables the key
      And the custodian tries the key
      Then the request is accepted

  Rule: While the key cannot be used it cannot be exchanged

    @req:EAR-042
    Scenario: Another key version is refused until the present one works again
      Given a project that uses the customer's key
      When the custodian disables the key
      And the operator moves the project to the next version of the key
      Then the request is refused because the current key cannot be used
      When the custodian enables the key
      And the operator moves the project to the next version of the key
      Then the request is accepted

    @req:EAR-042 @reading:omitted_private_flag
    Scenario: Under private networking it is the same, once the nodes have reported
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      And 20 minutes pass
      And the operator moves the project to the next version of the key
      Then the request is refused because the current key cannot be used

  Rule: Without a key that works, the customer's key cannot be left either

    @req:EAR-043 @needs:second-vault
    Scenario Outline: While the key is <done> it can be neither turned off nor exchanged
      Given a project that uses the customer's key
      When the custodian <act> the key
      Then the project finds its key invalid
      When the operator turns off the customer's key
      Then the request is refused because the current key cannot be used
      And the configuration is unchanged
      When the operator moves the project to another vault
      Then the request is refused because the current key cannot be used
      And the configuration is unchanged
      When the custodian <undoes> the key
      Then the project finds its key valid
      When the operator turns off the customer's key
      Then the request is accepted
      And the project has no customer key

      Examples: Ways to lose a key and to restore it
        | act      | done     | undoes   |
        | disables | disabled | enables  |
        | deletes  | deleted  | recovers |

    @req:EAR-043
    Scenario: Without a key that works, a cluster cannot go back to Atlas's own key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      Then the project finds its key invalid
      When the operator switches cluster "payments" to Atlas's own key
      Then the request is refused because the current key cannot be used
      When the custodian enables the key
      Then the project finds its key valid
      When the operator switches cluster "payments" to Atlas's own key
      Then the request is accepted
      And cluster "payments" is encrypted with Atlas's own key within the agreed cluster time

    @req:EAR-043
    Scenario: Under private networking a cluster stays on the key as well, once the nodes have reported
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian disables the key
      And 20 minutes pass
      Then the project finds its key invalid
      When the operator switches cluster "payments" to Atlas's own key
      Then the request is refused because the current key cannot be used
