@active
Feature: The activity feed tells of every rotation
  It tells when a project begins to move to a new key, and when every cluster has.

  Rule: The rotation of the customer's key is told of from beginning to end

    @req:EAR-128
    Scenario: A rotation is told of when it starts and when it is complete
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in US_EAST_2 encrypted with the customer's key
      When the operator moves the project to the next version of the key
      Then the activity feed says that a key rotation started within 1 minutes
      And the activity feed says nowhere that the key was rotated
      And the activity feed says that the key was rotated within the agreed cluster time
      And the activity feed says once that a key rotation started
      And the activity feed says once that the key was rotated

    @req:EAR-128
    Scenario: A second rotation is told of as well
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator moves the project to the next version of the key
      And 2 hours pass
      And the operator moves the project to the next version of the key
      And 2 hours pass
      Then the activity feed says twice that a key rotation started
      And the activity feed says twice that the key was rotated

    @req:EAR-128 @reading:omitted_private_flag
    Scenario: Over private networking a rotation is told of as well
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator moves the project to the next version of the key
      And 2 hours pass
      Then the activity feed says once that a key rotation started
      And the activity feed says once that the key was rotated

    @req:EAR-128
    Scenario: A rotation that is refused is not told of
      Given a project that uses the customer's key
      When the operator moves the project to a key in another vault
      Then the request is refused because the key is not in the configured vault
      When 2 hours pass
      Then the activity feed says nowhere that a key rotation started
      And the activity feed says nowhere that the key was rotated

    @req:EAR-128 @req:EAR-122
    Scenario: A rotation in the vault alone is no rotation in Atlas
      Given a project that uses the customer's key
      When the custodian rotates the key in the vault
      And 2 days pass
      Then the activity feed says nowhere that a key rotation started
      And the activity feed says nowhere that the key was rotated

  Rule: The rotation of master keys is told of for each cluster, each time

    @req:EAR-121 @needs:time-travel
    Scenario: The master keys of every cluster are rotated in every 90 days
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When 90 days pass
      Then the activity feed says at least once that a key rotation started on cluster "payments"
      And the activity feed says at least once that a key rotation started on cluster "ledger"
      When 90 days pass
      Then the activity feed says at least twice that a key rotation started on cluster "payments"
      And the activity feed says at least twice that a key rotation started on cluster "ledger"
      And the activity feed says nowhere that a key rotation started on cluster "archive"
