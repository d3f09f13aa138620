@destructive
Feature: Atlas replaces an endpoint that the customer rejects or removes
  Whether by mistake or on purpose: a link lost on the vault's side comes back in the same region, and waits
  for the customer's approval again.

  Rule: A lost endpoint is recreated in the same region

    @req:EAR-063 @req:EAR-064
    Scenario Outline: The customer <act> the connection of an active endpoint in <region>
      Given a project that uses the customer's key over private networking
      And a private endpoint in <region> that is active
      When the custodian <act> the connection in <region>
      Then the private endpoint in <region> is being recreated within the agreed detection time
      And the replacement in <region> is waiting for approval within the agreed recreation time
      And private endpoints exist in <region> only

      Examples: Both ways to lose a link, in two regions
        | act     | region       |
        | rejects | US_EAST_2    |
        | removes | US_EAST_2    |
        | rejects | EUROPE_NORTH |
        | removes | EUROPE_NORTH |

    @req:EAR-064
    Scenario Outline: After the customer <act> the connection, the old record stands beside the new one
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the custodian <act> the connection in US_EAST_2
      Then US_EAST_2 holds an endpoint being recreated beside one being created within the agreed recreation time

      Examples: Both ways to lose a link
        | act     |
        | rejects |
        | removes |

    @req:EAR-063
    Scenario: Losing the link of one region leaves the other region's endpoint alone
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      When the custodian rejects the connection in US_EAST_2
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      And the private endpoint in EUROPE_NORTH stays active for 30 minutes

  Rule: The replacement needs a new approval

    @req:EAR-065
    Scenario Outline: After the customer <act> the link, the replacement waits and never approves itself
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the custodian <act> the connection in US_EAST_2
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      And the replacement in US_EAST_2 stays waiting for approval for 30 minutes

      Examples: Both ways to lose a link
        | act     |
        | rejects |
        | removes |

    @req:EAR-065
    Scenario: The approved replacement takes the place of the lost endpoint
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the custodian rejects the connection in US_EAST_2
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      When the custodian approves the connection of the replacement in US_EAST_2
      Then the replacement in US_EAST_2 is active within 3 minutes
      And the private endpoint in US_EAST_2 is gone within the agreed deletion time

    @req:EAR-063 @req:EAR-065
    Scenario: A link that is lost twice is replaced twice
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the custodian rejects the connection in US_EAST_2
      Then the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
      When the custodian approves the connection of the replacement in US_EAST_2
      Then the replacement in US_EAST_2 is active within 3 minutes
      When the custodian removes the connection of the replacement in US_EAST_2
      Then the replacement in US_EAST_2 is being recreated within the agreed detection time
      And US_EAST_2 holds an endpoint being recreated beside one waiting for approval within the agreed recreation time

  Rule: While an endpoint is being recreated it still counts as an endpoint

    @req:EAR-077 @reading:disable_blocked_by
    Scenario: Turning off the key is refused while an endpoint is being recreated
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is being recreated
      When the operator turns off the customer's key
      Then the request is refused because endpoints still exist

    @req:EAR-076 @reading:disable_blocked_by
    Scenario: Turning off private networking is refused while an endpoint is being recreated
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is being recreated
      When the operator stops requiring private networking
      Then the request is refused because endpoints still need private networking

  Rule: A link that was never approved is not replaced

    @req:EAR-055
    Scenario Outline: A waiting endpoint whose connection the customer <act> is never used
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is waiting for approval
      When the custodian <act> the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 stays unused for 30 minutes

      Examples: Both ways to turn a link away
        | act     |
        | rejects |
        | removes |

    @req:EAR-066 @reading:removed_while_pending
    Scenario: Removing a waiting connection leaves the endpoint waiting
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is waiting for approval
      When the custodian removes the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 stays waiting for approval for 30 minutes

    @req:EAR-066 @reading:removed_while_pending=fails
    Scenario: If a waiting endpoint fails with its connection, it says why
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is waiting for approval
      When the custodian removes the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is failed within the agreed detection time
      And the private endpoint in US_EAST_2 explains why it failed

    @req:EAR-066 @reading:removed_while_pending=recreates
    Scenario: If a waiting endpoint is recreated with its connection, the replacement waits for approval
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is waiting for approval
      When the custodian removes the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is being recreated within the agreed detection time
      And the replacement in US_EAST_2 is waiting for approval within the agreed recreation time
