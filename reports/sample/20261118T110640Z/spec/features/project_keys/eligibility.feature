@active
Feature: Only dedicated clusters in active projects on one cloud can use the customer's key privately
  The limits that the documentation names are enforced, and what lies within them works.

  Rule: The smallest tiers cannot use a customer's key

    @req:EAR-001 @req:EAR-096
    Scenario: A free cluster cannot use the customer's key
      Given a project that uses the customer's key
      When the operator creates a M0 cluster "trial" in US_EAST_2 with the customer's key
      Then the request is refused because the tier cannot use a customer key
      And cluster "trial" is gone

    @req:EAR-001 @req:EAR-096
    Scenario: An existing free cluster cannot be switched to the customer's key
      Given a project that uses the customer's key
      When the operator creates a M0 cluster "trial" in US_EAST_2 with Atlas's own key
      Then cluster "trial" is running within the agreed cluster time
      When the operator switches cluster "trial" to the customer's key
      Then the request is refused because the tier cannot use a customer key
      And cluster "trial" is encrypted with Atlas's own key

    @req:EAR-002
    Scenario: A Flex cluster has no setting for a customer's key
      Given a project that uses the customer's key
      When the operator creates a Flex cluster "trial" in US_EAST_2 with the customer's key
      Then the request is refused because Flex clusters have no such setting

    @req:EAR-002
    Scenario: A Flex cluster with Atlas's own key is an ordinary request
      Given a project that uses the customer's key
      When the operator creates a Flex cluster "trial" in US_EAST_2 with Atlas's own key
      Then the request is accepted

    @req:EAR-003 @req:EAR-096 @needs:stage
    Scenario Outline: A shared cluster of tier <tier>, as older projects have them, cannot use the customer's key
      Given a project that uses the customer's key
      When the operator creates a <tier> cluster "trial" in US_EAST_2 with the customer's key
      Then the request is refused because the tier cannot use a customer key
      And cluster "trial" is gone

      Examples: Tiers that are no longer sold
        | tier |
        | M2   |
        | M5   |

    @req:EAR-003 @req:EAR-096 @needs:stage
    Scenario Outline: An existing shared cluster of tier <tier> stays on Atlas's own key
      Given a project that uses the customer's key
      When the operator creates a <tier> cluster "trial" in US_EAST_2 with Atlas's own key
      Then the request is accepted
      And cluster "trial" is running within the agreed cluster time
      When the operator switches cluster "trial" to the customer's key
      Then the request is refused because the tier cannot use a customer key
      And cluster "trial" is encrypted with Atlas's own key

      Examples: Tiers that are no longer sold
        | tier |
        | M2   |
        | M5   |

    @req:EAR-001 @req:EAR-003 @req:EAR-004
    Scenario Outline: A dedicated cluster of tier <tier> can use the customer's key
      Given a project that uses the customer's key
      When the operator creates a <tier> cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time
      And cluster "payments" is of a dedicated tier

      Examples: From the smallest dedicated tier up
        | tier |
        | M10  |
        | M30  |

  Rule: Clusters over several clouds and private networking exclude each other

    @req:EAR-005
    Scenario: A cluster on two clouds is refused under private networking
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "global" spread over Azure and AWS with the customer's key
      Then the request is refused because private networking excludes several clouds
      And cluster "global" is gone

    @req:EAR-005
    Scenario: A cluster on Azure alone is accepted under private networking
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" has nodes in US_EAST_2 only

    @req:EAR-006
    Scenario: Turning on private networking disables a cluster on two clouds
      Given a project that uses the customer's key
      And a cluster "global" spread over Azure and AWS encrypted with the customer's key
      When the operator requires private networking
      Then the request is accepted
      And cluster "global" is stopped within the agreed pause time

    @req:EAR-006
    Scenario: Turning on key and private networking in one request disables a cluster on two clouds as well
      Given a project without a customer key
      And a cluster "global" spread over Azure and AWS encrypted with Atlas's own key
      When the operator turns on the customer's key over private networking
      Then the request is accepted
      And cluster "global" is stopped within the agreed pause time

    @req:EAR-006
    Scenario: Turning on private networking leaves a cluster on Azure alone running
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator requires private networking
      Then the request is accepted
      And cluster "payments" stays running for 20 minutes

  Rule: The key's provider need not be the cluster's cloud, except over private networking

    @req:EAR-019
    Scenario Outline: Over public networking a cluster <where> can use the customer's key in Azure
      Given a project that uses the customer's key
      When the operator creates a M30 cluster "global" <where> with the customer's key
      Then the request is accepted
      And cluster "global" is encrypted with the customer's key within the agreed cluster time
      And the project finds its key valid

      Examples: Clouds that are not Azure, or not Azure alone
        | where                     |
        | on AWS alone              |
        | spread over Azure and AWS |

    @req:EAR-019
    Scenario: Over public networking an existing cluster on AWS can be switched to the customer's key in Azure
      Given a project that uses the customer's key
      And a cluster "global" on AWS alone encrypted with Atlas's own key
      When the operator switches cluster "global" to the customer's key
      Then the request is accepted
      And cluster "global" is encrypted with the customer's key within the agreed cluster time

    @req:EAR-008 @req:EAR-096
    Scenario: Over private networking a cluster on AWS cannot use the customer's key
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "global" on AWS alone with the customer's key
      Then the request is refused because the cluster cannot use a key of this provider
      And cluster "global" is gone

    @req:EAR-008 @req:EAR-096
    Scenario: Over private networking an existing cluster on AWS stays on Atlas's own key
      Given a project that uses the customer's key over private networking
      And a cluster "global" on AWS alone encrypted with Atlas's own key
      When the operator switches cluster "global" to the customer's key
      Then the request is refused because the cluster cannot use a key of this provider
      And cluster "global" is encrypted with Atlas's own key

    @req:EAR-008 @req:EAR-096
    Scenario: Over private networking a cluster on Azure can use the customer's key
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And every encrypted cluster stands on Azure alone

    @req:EAR-008
    Scenario: Over private networking a cluster on AWS with Atlas's own key is an ordinary request
      Given a project that uses the customer's key over private networking
      When the operator creates a M30 cluster "archive" on AWS alone with Atlas's own key
      Then the request is accepted
      And cluster "archive" is running within the agreed cluster time

  Rule: The project must be active

    @req:EAR-007 @needs:stage
    Scenario: An inactive project cannot use the customer's key over private networking
      Given a project without a customer key
      And the project is inactive
      When the operator turns on the customer's key over private networking
      Then the request is refused because the project is inactive
      And the project has no customer key

    @req:EAR-007 @needs:stage
    Scenario: A project that has become inactive cannot turn to private networking
      Given a project that uses the customer's key
      And the project is inactive
      When the operator requires private networking
      Then the request is refused because the project is inactive
      And the project does not require private networking

    @req:EAR-007
    Scenario: An active project can
      Given a project without a customer key
      When the operator turns on the customer's key over private networking
      Then the request is accepted
