@active
Feature: While a private endpoint exists, nothing can be changed that it depends on
  Customer keys, private networking and the vault's coordinates stay as they are until every endpoint is gone,
  whatever state the endpoint is in.

  Rule: The customer's key cannot be turned off while an endpoint exists

    @req:EAR-077 @req:EAR-095
    Scenario: Turning off the key is refused while an endpoint is active
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator turns off the customer's key
      Then the request is refused because endpoints still exist
      And the configuration is unchanged
      And the private endpoints are unchanged

    @req:EAR-077 @req:EAR-095 @reading:disable_blocked_by
    Scenario Outline: Turning off the key is refused while an endpoint is <state>
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is <state>
      When the operator turns off the customer's key
      Then the request is refused because endpoints still exist
      And the configuration is unchanged
      And the private endpoints are unchanged

      Examples: Every other state an endpoint can be in
        | state                |
        | being created        |
        | waiting for approval |
        | being deleted        |

    @req:EAR-077 @req:EAR-095 @reading:disable_blocked_by=active_only
    Scenario Outline: If only active endpoints count, turning off the key takes an endpoint along that is <state>
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is <state>
      When the operator turns off the customer's key
      Then the request is accepted
      And the project has no customer key
      And no private endpoint exists within the agreed deletion time

      Examples: States that are not active
        | state                |
        | being created        |
        | waiting for approval |

    @req:EAR-077
    Scenario: An endpoint in any region holds the key
      Given a project that uses the customer's key over private networking
      And a private endpoint in EUROPE_NORTH that is active
      When the operator turns off the customer's key
      Then the request is refused because endpoints still exist
      And the private endpoints are unchanged

    @req:EAR-077 @needs:stage @reading:disable_blocked_by
    Scenario: Turning off the key is refused while a failed endpoint is left
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is failed
      When the operator turns off the customer's key
      Then the request is refused because endpoints still exist

    @req:EAR-077
    Scenario: Without endpoints the key can be turned off
      Given a project that uses the customer's key over private networking
      When the operator turns off the customer's key
      Then the request is accepted
      And the project has no customer key

  Rule: Private networking cannot be turned off while an endpoint exists

    @req:EAR-076
    Scenario: Turning off private networking is refused while an endpoint is active
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator stops requiring private networking
      Then the request is refused because endpoints still need private networking
      And the refusal names US_EAST_2
      And the configuration is unchanged
      And the private endpoints are unchanged

    @req:EAR-076 @reading:disable_blocked_by
    Scenario Outline: Turning off private networking is refused while an endpoint is <state>
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is <state>
      When the operator stops requiring private networking
      Then the request is refused because endpoints still need private networking
      And the refusal names US_EAST_2
      And the configuration is unchanged
      And the private endpoints are unchanged

      Examples: Every other state an endpoint can be in
        | state                |
        | being created        |
        | waiting for approval |
        | being deleted        |

    @req:EAR-076 @reading:disable_blocked_by=active_only
    Scenario Outline: If only active endpoints count, turning off private networking takes an endpoint along that is <state>
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is <state>
      When the operator stops requiring private networking
      Then the request is accepted
      And the project does not require private networking
      And no private endpoint exists within the agreed deletion time

      Examples: States that are not active
        | state                |
        | being created        |
        | waiting for approval |

    @req:EAR-076 @needs:stage @reading:disable_blocked_by
    Scenario: Turning off private networking is refused while a failed endpoint is left
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is failed
      When the operator stops requiring private networking
      Then the request is refused because endpoints still need private networking

    @req:EAR-076
    Scenario: The refusal names every region that still has an endpoint
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      When the operator stops requiring private networking
      Then the request is refused because endpoints still need private networking
      And the refusal names US_EAST_2 and EUROPE_NORTH

    @req:EAR-076
    Scenario: Without endpoints private networking can be turned off
      Given a project that uses the customer's key over private networking
      When the operator stops requiring private networking
      Then the request is accepted
      And the project does not require private networking
      And the project shows the key in use

  Rule: The vault's coordinates are frozen while an endpoint is set up

    @req:EAR-073
    Scenario Outline: The <coordinate> cannot be changed while an endpoint is active
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator changes the <coordinate> of the configuration to "<value>"
      Then the request is refused because the vault is fixed while endpoints exist
      And the configuration is unchanged

      Examples: The three coordinates of a vault
        | coordinate     | value                                |
        | vault          | another-vault                        |
        | subscription   | 00000000-0000-4000-8000-000000000001 |
        | resource group | another-group                        |

    @req:EAR-073
    Scenario Outline: The project cannot move to a vault that works while an endpoint in <region> is <state>
      Given a project that uses the customer's key over private networking
      And a private endpoint in <region> that is <state>
      When the operator moves the project to another vault
      Then the request is refused because the vault is fixed while endpoints exist
      And the configuration is unchanged

      Examples: States and regions
        | region       | state                |
        | US_EAST_2    | being created        |
        | US_EAST_2    | waiting for approval |
        | US_EAST_2    | active               |
        | US_EAST_2    | being deleted        |
        | EUROPE_NORTH | active               |

    @req:EAR-075
    Scenario: After the last endpoint is gone the project can move to another vault
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      When the operator moves the project to another vault
      Then the request is accepted
      And the project shows another vault

    @req:EAR-074
    Scenario: The key may still be rotated within the vault
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the project shows the key in use
      And the private endpoint in US_EAST_2 is active

  Rule: The documented order turns everything off

    @req:EAR-095 @req:EAR-093
    Scenario: Endpoints first, then clusters, then the project
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      When the operator switches cluster "payments" to Atlas's own key
      Then cluster "payments" is encrypted with Atlas's own key within the agreed cluster time
      When the operator turns off the customer's key
      Then the request is accepted
      And the project shows no details of a key

  Rule: There are private endpoints for Azure and AWS, and for no other cloud

    @req:EAR-085
    Scenario: Google Cloud has no such endpoints to look for
      Given a project that uses the customer's key over private networking
      When the operator looks for private endpoints of Google Cloud
      Then the request is refused because this cloud has no such endpoints

    @req:EAR-085
    Scenario: A private endpoint of Google Cloud cannot be asked for
      Given a project that uses the customer's key over private networking
      When the operator asks Google Cloud for a private endpoint in US_EAST_2
      Then the request is refused because this cloud has no such endpoints
      And no private endpoint exists

    @req:EAR-085
    Scenario Outline: Private endpoints of <cloud> can be looked for
      Given a project that uses the customer's key over private networking
      When the operator looks for private endpoints of <cloud>
      Then the request is accepted

      Examples: Clouds that have such endpoints
        | cloud |
        | Azure |
        | AWS   |
