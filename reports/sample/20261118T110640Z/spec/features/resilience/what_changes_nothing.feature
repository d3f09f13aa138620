@destructive @negative-control
Feature: Game day: what may not change anything
  The counterpart of all the others: something is broken that nobody may notice. If anybody does, either the key was not
  reached as everybody believes, or the other game days prove nothing.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy

  Rule: A way that nobody takes is missed by nobody

    @req:EAR-070 @req:EAR-072
    Scenario: The vault's public side is closed for a day
      When the breaker brings about "close-public-side" for at most 2 days
      Then cluster "payments" stays running for 1 days
      And Atlas raises no alert that the key cannot be reached for 1 hours
      And Atlas raises no alert that the key configuration is no longer valid for 1 hours
      And the activity feed says nowhere that the key could not be reached
      And the project is healthy
      And the vault's public side is closed
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy
      And everything that was broken is as it was

  Rule: Orders that are out of order change nothing

    @req:EAR-076 @req:EAR-077
    Scenario: The key is to be turned off while an endpoint exists
      When the breaker brings about "disable-out-of-order" for at most 1 hours
      Then the private endpoint in US_EAST_2 stays active for 1 hours
      And the project requires private networking
      And the project is healthy
      When everything that was broken is undone
      Then everything that was broken is as it was

    @req:EAR-073 @needs:second-vault
    Scenario: Another vault is to be used while an endpoint exists
      When the breaker brings about "move-vault-out-of-order" for at most 1 hours
      Then the private endpoint in US_EAST_2 stays active for 1 hours
      And the project is healthy
      When everything that was broken is undone
      Then everything that was broken is as it was

  Rule: What others do to the project is theirs

    @req:EAR-125
    Scenario: Somebody moves the reminder to rotate
      When the breaker brings about "foreign-edit" for at most 1 hours
      Then cluster "payments" stays running for 20 minutes
      And the project is healthy
      And every fault is still in force
      When everything that was broken is undone
      Then everything that was broken is as it was

  Rule: What Azure does not enforce yet has not happened

    @req:EAR-101 @needs:stage
    Scenario: Roles are taken away, and for hours Azure enforces none of it
      When the breaker brings about "slow-role-changes" for at most 4 hours
      Then cluster "payments" stays running for 2 hours
      And the project is healthy
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy
      And everything that was broken is as it was
