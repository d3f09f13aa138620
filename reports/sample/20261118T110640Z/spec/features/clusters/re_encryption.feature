@active
Feature: Changing the owner of a cluster's key re-encrypts its data
  An initial sync writes the data anew, and search indexes with it; clusters that are not switched are left alone.

  Rule: A switch, in either direction, is an initial sync of the cluster

    @req:EAR-091
    Scenario Outline: A cluster that goes from <before> to <after> is synchronised anew
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with <before>
      When the operator switches cluster "payments" to <after>
      Then the request is accepted
      And cluster "payments" is being changed
      And cluster "payments" is encrypted with <after> within the agreed cluster time

      Examples: Both directions
        | before             | after              |
        | Atlas's own key    | the customer's key |
        | the customer's key | Atlas's own key    |

    @req:EAR-091
    Scenario: A cluster that is already encrypted with the customer's key is not synchronised again
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And cluster "payments" stays running for 10 minutes

    @req:EAR-091
    Scenario: Other clusters are not synchronised
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then cluster "payments" is being changed
      And cluster "archive" stays running for 10 minutes

  Rule: A switch rebuilds the search indexes of the cluster

    @req:EAR-091
    Scenario Outline: Search indexes are rebuilt when a cluster goes from <before> to <after>
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with <before>
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the operator switches cluster "payments" to <after>
      Then the request is accepted
      And the search nodes of cluster "payments" are being rebuilt within 1 minutes
      And the search nodes of cluster "payments" are ready within the agreed cluster time

      Examples: Both directions
        | before             | after              |
        | Atlas's own key    | the customer's key |
        | the customer's key | Atlas's own key    |

    @req:EAR-091
    Scenario: Search indexes are rebuilt at the second switch as well
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator adds search nodes to cluster "payments"
      Then the search nodes of cluster "payments" are ready within the agreed cluster time
      When the operator switches cluster "payments" to the customer's key
      Then cluster "payments" is encrypted with the customer's key within the agreed cluster time
      And the search nodes of cluster "payments" are ready within the agreed cluster time
      When the operator switches cluster "payments" to Atlas's own key
      Then the search nodes of cluster "payments" are being rebuilt within 1 minutes
      And the search nodes of cluster "payments" are ready within the agreed cluster time

    @req:EAR-091
    Scenario: Search indexes of another cluster are left as they are
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator adds search nodes to cluster "archive"
      Then the search nodes of cluster "archive" are ready within the agreed cluster time
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And the search nodes of cluster "archive" stay ready for 20 minutes
