@active @needs:compliance-policy
Feature: A backup compliance policy that requires encryption holds on to the customer's key
  Once required, encryption cannot be turned off behind the policy's back; and it cannot be required while a paused
  cluster would not comply. Only MongoDB's support can take a policy away, so no real project is ever given one here.

  Rule: While the policy requires encryption, the key cannot be turned off

    @req:EAR-048
    Scenario: The key cannot be turned off under a policy that requires encryption
      Given a project that uses the customer's key
      When the operator sets a backup compliance policy that requires encryption
      Then the request is accepted
      And the project finds its key valid
      When the operator turns off the customer's key
      Then the request is refused because the backup compliance policy requires encryption
      And the configuration is unchanged
      And the backup compliance policy requires encryption

    @req:EAR-048
    Scenario: The policy does not wear off
      Given a project that uses the customer's key
      When the operator sets a backup compliance policy that requires encryption
      And 2 days pass
      And the operator turns off the customer's key
      Then the request is refused because the backup compliance policy requires encryption
      When 2 days pass
      And the operator turns off the customer's key
      Then the request is refused because the backup compliance policy requires encryption

    @req:EAR-048
    Scenario: Over private networking the key cannot be turned off under the policy either
      Given a project that uses the customer's key over private networking
      When the operator sets a backup compliance policy that requires encryption
      Then the request is accepted
      When the operator turns off the customer's key
      Then the request is refused because the backup compliance policy requires encryption
      And the project requires private networking

    @req:EAR-048
    Scenario: The key can be rotated under the policy
      Given a project that uses the customer's key
      When the operator sets a backup compliance policy that requires encryption
      And the operator moves the project to the next version of the key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-048
    Scenario: The key can be turned off under a policy that does not require encryption
      Given a project that uses the customer's key
      When the operator sets a backup compliance policy that does not require encryption
      And the operator turns off the customer's key
      Then the request is accepted
      And the project has no customer key

  Rule: Encryption cannot be required while a paused cluster does not use the customer's key

    @req:EAR-146
    Scenario: A paused cluster on Atlas's own key blocks the requirement until it is gone
      Given a project that uses the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator pauses cluster "archive"
      And the auditor reads the backup compliance policy
      And the operator sets a backup compliance policy that requires encryption
      Then the request is refused because a paused cluster does not use the customer's key
      And there is no backup compliance policy
      When the operator deletes cluster "archive"
      Then cluster "archive" is gone within the agreed cluster time
      When the operator sets a backup compliance policy that requires encryption
      Then the request is accepted
      And the backup compliance policy requires encryption

    @req:EAR-146
    Scenario: A policy that does not require encryption stays as it is when it cannot come to require it
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator sets a backup compliance policy that does not require encryption
      And the operator pauses cluster "archive"
      And 5 minutes pass
      Then the backup compliance policy does not require encryption
      When the operator sets a backup compliance policy that requires encryption
      Then the request is refused because a paused cluster does not use the customer's key
      And the backup compliance policy is unchanged

    @req:EAR-146
    Scenario: A paused cluster that uses the customer's key does not block it
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator pauses cluster "payments"
      And the operator sets a backup compliance policy that requires encryption
      Then the request is accepted
      And the backup compliance policy requires encryption

    @req:EAR-146
    Scenario: A policy shows that it does not require encryption
      Given a project that uses the customer's key
      When the operator sets a backup compliance policy that does not require encryption
      Then the request is accepted
      And the backup compliance policy does not require encryption
