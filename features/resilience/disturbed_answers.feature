@destructive
Feature: Game day: the answers are disturbed
  Requests are throttled, answers come late, broken, stale or not at all. Whoever looks through that must neither see a
  loss that is none nor miss one that is.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy

  Rule: A disturbance is no loss

    @req:EAR-072
    Scenario Outline: With <fault>, a healthy project is found healthy
      When the breaker brings about "<fault>" for at most 2 hours
      Then cluster "payments" stays running for 1 hours
      And the private endpoint in US_EAST_2 is active
      And the project is healthy
      When everything that was broken is undone
      Then everything that was broken is as it was

      Examples: What can happen to an answer
        | fault             |
        | throttle          |
        | server-errors     |
        | slow-answers      |
        | reset-connections |
        | sign-in-lost      |
        | stale-reads       |
        | shifting-pages    |
        | clock-jump        |

  Rule: A loss is found through a disturbance

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario Outline: With <fault>, a key that is lost is found to be lost
      When the breaker brings about "disable-key" for at most 2 hours
      And the breaker brings about "<fault>" for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And everything that was broken is as it was

      Examples: What can happen to an answer
        | fault         |
        | throttle      |
        | server-errors |
        | stale-reads   |

  Rule: What is told twice counts once

    @req:EAR-117 @needs:stage
    Scenario: The activity feed repeats itself while the key is lost
      When the breaker brings about "repeated-events" for at most 4 hours
      And the breaker brings about "disable-key" for at most 2 hours
      Then the activity feed says that the key became invalid within the agreed alert time
      And the activity feed says once that the key became invalid
      When everything that was broken is undone
      Then everything that was broken is as it was
