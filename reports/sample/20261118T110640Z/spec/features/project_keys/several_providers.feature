@active
Feature: A project may have keys of several providers, a cluster uses one
  Which provider a cluster uses is chosen cluster by cluster, and is not changed under its data.

  Rule: Only known providers can be asked for

    @req:EAR-040
    Scenario: A new cluster cannot use a key of a provider that does not exist
      Given a project that uses the customer's key
      When the operator creates a M30 cluster "payments" in US_EAST_2 with a key of an unknown provider
      Then the request is refused because there is no such provider of keys
      And cluster "payments" is gone

    @req:EAR-040
    Scenario: An existing cluster cannot be switched to a provider that does not exist
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to a key of an unknown provider
      Then the request is refused because there is no such provider of keys
      And cluster "payments" is encrypted with the customer's key

    @req:EAR-040
    Scenario: An existing cluster can be switched to a provider that exists
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time

  Rule: The provider is changed by going back to Atlas's own key first

    @req:EAR-044
    Scenario: A cluster is not switched from a key in Azure to one in AWS
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to a customer's key in AWS
      Then the request is refused because another provider's key is in use
      And cluster "payments" is encrypted with the customer's key

    @req:EAR-044
    Scenario: A cluster is switched off the customer's key and on again
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator switches cluster "payments" to Atlas's own key
      Then cluster "payments" is encrypted with Atlas's own key within the agreed cluster time
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time

    @req:EAR-044 @needs:stage
    Scenario: With a key in AWS ready as well, the way still leads over Atlas's own key
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds a key in AWS
      And the operator switches cluster "payments" to a customer's key in AWS
      Then the request is refused because another provider's key is in use
      When the operator switches cluster "payments" to Atlas's own key
      Then cluster "payments" is encrypted with Atlas's own key within the agreed cluster time
      When the operator switches cluster "payments" to a customer's key in AWS
      Then the request is accepted
      And cluster "payments" is encrypted with a customer's key in AWS within the agreed cluster time
      When the operator switches cluster "payments" to the customer's key
      Then the request is refused because another provider's key is in use
      And cluster "payments" is encrypted with a customer's key in AWS

  Rule: Several providers can be configured at once

    @req:EAR-045
    Scenario: Every provider that there is has its place in the configuration
      Given a project that uses the customer's key
      When the auditor reads the configuration
      Then the project has a key in Azure alone

    @req:EAR-045 @needs:stage
    Scenario: A key in AWS comes beside the one in Azure, and goes again without it
      Given a project that uses the customer's key
      When the operator adds a key in AWS
      Then the request is accepted
      And the project has a key in Azure and one in AWS
      And the project finds its key valid
      When the operator takes the key in AWS away
      Then the request is accepted
      And the project has a key in Azure alone
      And the project finds its key valid

    @req:EAR-045 @needs:stage
    Scenario: The key in Azure can be turned off beside one in AWS
      Given a project that uses the customer's key
      When the operator adds a key in AWS
      And the operator turns off the customer's key
      Then the request is accepted
      And the project has a key in AWS alone

    @req:EAR-045 @needs:stage
    Scenario: Two clusters use keys of two providers at once
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator adds a key in AWS
      And the operator creates a M30 cluster "ledger" in US_EAST_2 with a customer's key in AWS
      Then the request is accepted
      And cluster "ledger" is encrypted with a customer's key in AWS within the agreed cluster time
      And cluster "payments" is encrypted with the customer's key
      When the operator takes the key in AWS away
      Then the request is refused because clusters still use the key
      When the operator deletes cluster "ledger"
      Then cluster "ledger" is gone within the agreed cluster time
      When the operator takes the key in AWS away
      Then the request is accepted
      And the project has a key in Azure alone
