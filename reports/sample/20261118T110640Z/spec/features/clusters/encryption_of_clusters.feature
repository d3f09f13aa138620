@active
Feature: Each cluster is switched to the customer's key by itself
  Configuring the key for the project encrypts nothing yet; and the project's key cannot be taken away from
  clusters that still use it.

  Rule: The project comes first

    @req:EAR-021
    Scenario: A cluster cannot use a customer's key that the project does not have
      Given a project without a customer key
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is refused because the project has no customer key
      And cluster "payments" is gone

    @req:EAR-021
    Scenario: An existing cluster cannot be switched to a customer's key that the project does not have
      Given a project without a customer key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then the request is refused because the project has no customer key
      And cluster "payments" is encrypted with Atlas's own key

  Rule: Clusters are switched one by one

    @req:EAR-088 @req:EAR-090
    Scenario: Configuring the project's key leaves its clusters on Atlas's own key
      Given a project without a customer key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator turns on the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with Atlas's own key

    @req:EAR-088 @req:EAR-089
    Scenario: Switching one cluster leaves the other as it is
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      And a cluster "archive" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time
      And cluster "archive" is encrypted with Atlas's own key

    @req:EAR-092
    Scenario: A cluster shows that it is being changed while it is re-encrypted
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then cluster "payments" is being changed
      And cluster "payments" is running within the agreed cluster time

    @req:EAR-097
    Scenario: A paused cluster cannot be switched
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator pauses cluster "payments"
      Then cluster "payments" is paused
      When the operator switches cluster "payments" to the customer's key
      Then the request is refused because the cluster is paused
      And cluster "payments" is encrypted with Atlas's own key

  Rule: The project's key stays as long as a cluster uses it

    @req:EAR-093
    Scenario: The key cannot be turned off while a cluster uses it
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator turns off the customer's key
      Then the request is refused because clusters still use the key
      And the configuration is unchanged
      And cluster "payments" is encrypted with the customer's key

    @req:EAR-093
    Scenario: A paused cluster holds on to the key as well
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator pauses cluster "payments"
      Then cluster "payments" is paused
      When the operator turns off the customer's key
      Then the request is refused because clusters still use the key

    @req:EAR-093
    Scenario: Under private networking a cluster holds on to the key as well
      Given a project that uses the customer's key over private networking
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator turns off the customer's key
      Then the request is refused because clusters still use the key

    @req:EAR-093 @req:EAR-094
    Scenario: The key can be turned off once its last cluster has gone back to Atlas's own key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to Atlas's own key
      Then cluster "payments" is encrypted with Atlas's own key within the agreed cluster time
      When the operator turns off the customer's key
      Then the request is accepted
      And the project has no customer key

    @req:EAR-094
    Scenario: The key can be turned off once its last cluster is deleted
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator deletes cluster "payments"
      Then cluster "payments" is gone within the agreed cluster time
      When the operator turns off the customer's key
      Then the request is accepted

    @req:EAR-030
    Scenario: Turning off the key removes its details
      Given a project that uses the customer's key
      When the operator turns off the customer's key
      Then the request is accepted
      And the project shows no details of a key
