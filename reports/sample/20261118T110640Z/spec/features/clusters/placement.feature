@active
Feature: Under private networking, encrypted clusters stay in regions with an approved endpoint
  No node may start where it could not reach the key privately.

  Rule: New clusters start only in regions with an approved endpoint

    @req:EAR-067
    Scenario: A cluster in a region with an approved endpoint is accepted
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" is running within the agreed cluster time

    @req:EAR-067
    Scenario: A cluster in a region without an endpoint is refused
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "payments" in EUROPE_NORTH with the customer's key
      Then the request is refused because the region has no approved endpoint
      And cluster "payments" is gone

    @req:EAR-067
    Scenario: A cluster partly in a region without an endpoint is refused
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "payments" in US_EAST_2 and EUROPE_NORTH with the customer's key
      Then the request is refused because the region has no approved endpoint
      And cluster "payments" is gone

    @req:EAR-067 @reading:region_gate
    Scenario: An endpoint that still waits for approval does not open its region
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a private endpoint in EUROPE_NORTH that is waiting for approval
      When the operator creates a M30 cluster "payments" in EUROPE_NORTH with the customer's key
      Then the request is refused because the region has no approved endpoint

  Rule: Clusters grow only into regions with an approved endpoint

    @req:EAR-068
    Scenario: A cluster grows into a region with an approved endpoint
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator extends cluster "payments" to US_EAST_2 and EUROPE_NORTH
      Then the request is accepted
      And cluster "payments" is running within the agreed cluster time
      And cluster "payments" has nodes in US_EAST_2 and EUROPE_NORTH only

    @req:EAR-068
    Scenario: A cluster does not grow into a region without an endpoint
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator extends cluster "payments" to US_EAST_2 and EUROPE_NORTH
      Then the request is refused because the region has no approved endpoint
      And cluster "payments" has nodes in US_EAST_2 only

    @req:EAR-068
    Scenario: A cluster does not grow in a region that it already stands in once the endpoint there is gone
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      When the operator adds two nodes to cluster "payments"
      Then the request is refused because the region has no approved endpoint
      And cluster "payments" is of three nodes

    @req:EAR-068
    Scenario: A cluster grows in a region with an approved endpoint that it already stands in
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds two nodes to cluster "payments"
      Then the request is accepted
      And cluster "payments" is of five nodes within the agreed cluster time
