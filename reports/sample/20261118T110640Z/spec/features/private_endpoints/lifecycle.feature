@active
Feature: A private endpoint is asked for, approved by the customer and only then used
  Each step shows as a status, and nothing is skipped: the customer decides which link may reach the vault.

  Rule: Private networking comes first

    @req:EAR-050
    Scenario: Without private networking no endpoint can be created
      Given a project that uses the customer's key
      When the operator asks for a private endpoint in US_EAST_2
      Then the request is refused because private networking is not required
      And no private endpoint exists

    @req:EAR-050 @req:EAR-051
    Scenario: With private networking an endpoint can be created
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in US_EAST_2
      Then the request is accepted
      And private endpoints exist in US_EAST_2 only

  Rule: A new endpoint is created, then waits for the customer

    @req:EAR-053
    Scenario Outline: A new endpoint in <region> starts out being created
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in <region>
      Then the private endpoint in <region> is being created

      Examples: Regions of three continents
        | region         |
        | US_EAST_2      |
        | EUROPE_NORTH   |
        | ASIA_SOUTH_EAST |

    @req:EAR-054
    Scenario Outline: The endpoint in <region> waits for approval and names the connection to approve
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in <region>
      Then the private endpoint in <region> passes through being created, waiting for approval within the agreed creation time
      And the private endpoint in <region> names the connection to approve

      Examples: Regions of two continents
        | region       |
        | US_EAST_2    |
        | EUROPE_NORTH |

    @req:EAR-055
    Scenario: Without approval an endpoint is never used
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is waiting for approval within the agreed creation time
      And the private endpoint in US_EAST_2 stays waiting for approval for 1 hours

  Rule: Approval makes the endpoint active within three minutes

    @req:EAR-056 @req:EAR-057
    Scenario Outline: The customer approves the endpoint in <region>
      Given a project that uses the customer's key over private networking
      And a private endpoint in <region> that is waiting for approval
      When the custodian approves the connection in <region>
      Then the request is accepted
      And the private endpoint in <region> is active within 3 minutes

      Examples: Regions of two continents
        | region       |
        | US_EAST_2    |
        | EUROPE_NORTH |

    @req:EAR-057
    Scenario: An active endpoint stays active and carries the use of the key
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When 20 minutes pass
      Then the private endpoint in US_EAST_2 stays active for 30 minutes
      And the project finds its key valid

    @req:EAR-056
    Scenario: Approving one region leaves the other waiting
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is waiting for approval
      And a private endpoint in EUROPE_NORTH that is waiting for approval
      When the custodian approves the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is active within 3 minutes
      And the private endpoint in EUROPE_NORTH stays waiting for approval for 10 minutes

  Rule: A failed creation says why

    @req:EAR-058 @needs:stage
    Scenario: An endpoint that cannot be created fails and explains itself
      Given a project that uses the customer's key over private networking
      And Atlas fails to create endpoints
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is failed within the agreed creation time
      And the private endpoint in US_EAST_2 explains why it failed

  Rule: Endpoints are listed, and can be added at any time

    @req:EAR-060 @req:EAR-083
    Scenario: Every endpoint is listed with its region and status
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in US_EAST_2
      And the operator asks for a private endpoint in EUROPE_NORTH
      And the operator asks for a private endpoint in ASIA_SOUTH_EAST
      Then private endpoints are listed page by page, each once, with their total
      And private endpoints exist in US_EAST_2, EUROPE_NORTH and ASIA_SOUTH_EAST only
      And the private endpoint in EUROPE_NORTH is waiting for approval within the agreed creation time

    @req:EAR-080 @req:EAR-052
    Scenario: An endpoint is added beside an active one
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator asks for a private endpoint in EUROPE_NORTH
      Then the request is accepted
      And the private endpoint in EUROPE_NORTH is waiting for approval within the agreed creation time
      And the private endpoint in US_EAST_2 is active

    @req:EAR-080
    Scenario: A region can have an endpoint again after its endpoint was deleted
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      When the operator asks for a private endpoint in US_EAST_2
      Then the request is accepted
      And private endpoints exist in US_EAST_2 only

    @req:EAR-059
    Scenario: An endpoint is found by its identifier, and no longer after its deletion
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the auditor reads the configuration
      Then the private endpoint in US_EAST_2 is found by its identifier
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      And the private endpoint in US_EAST_2 is no longer found by its identifier
      When the operator deletes the private endpoint in US_EAST_2
      Then the request is refused because it does not exist

    @req:EAR-084
    Scenario: An endpoint has an identifier of 24 hexadecimal digits
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 has a well-formed identifier

    @req:EAR-086
    Scenario Outline: An endpoint is not changed in place by an operator who <act> it
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator <act> the private endpoint in US_EAST_2
      Then the request is refused because there is no such operation
      And the private endpoints are unchanged

      Examples: Both ways in which a resource could be changed
        | act      |
        | alters   |
        | replaces |

    @req:EAR-087
    Scenario: An endpoint in a region that Azure does not have is refused
      Given a project that uses the customer's key over private networking
      When the operator asks for a private endpoint in MIDDLE_EARTH_1
      Then the request is refused because the region is unknown
      And no private endpoint exists
