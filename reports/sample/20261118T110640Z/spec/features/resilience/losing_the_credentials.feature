@destructive
Feature: Game day: Atlas can no longer sign in
  Who Atlas signs in as is the customer's to give and to take. Tokens in use outlive the loss for an hour; then it is as
  if the key were gone.

  Rule: Once tokens in use have run out, the clusters are stopped

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario Outline: <fault>, until everything has stopped
      Given a project that uses the customer's key with a client secret over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "<fault>" for at most 4 hours
      Then cluster "payments" is stopped within 2 hours
      And cluster "payments" stays stopped for 20 minutes
      And the private endpoint in US_EAST_2 is active
      And every fault is still in force
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

      Examples: Ways to lose who one signs in as
        | fault             |
        | expire-secret     |
        | delete-secret     |
        | disable-principal |

    @req:EAR-101 @req:EAR-111 @needs:stage @reading:key_disabled_rendering
    Scenario: Conditional access turns Atlas away, until everything has stopped
      Given a project that uses the customer's key with a client secret
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "block-sign-in" for at most 4 hours
      Then cluster "payments" is stopped within 2 hours
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And the project is healthy within the agreed alert time
      And everything that was broken is as it was

  Rule: A loss that is made good in time stops nothing

    @req:EAR-101 @negative-control
    Scenario: A principal that is enabled again while tokens are still good is missed by nobody
      Given a project that uses the customer's key with a client secret over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "disable-principal" for at most 30 minutes
      And 2 minutes pass
      And everything that was broken is undone
      Then cluster "payments" stays running for 2 hours
      And the project is healthy
      And everything that was broken is as it was
