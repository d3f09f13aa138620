@active
Feature: The customer's side is prepared before Atlas can use the key
  Providers are registered, the secret is current, and sign-in is open to the addresses that Atlas publishes.

  Rule: The provider for networking is registered in the subscription

    @req:EAR-013 @needs:stage
    Scenario: Without that registration a private endpoint cannot be created
      Given a project that uses the customer's key over private networking
      And the subscription has not registered Microsoft.Network
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is failed within the agreed creation time
      And the private endpoint in US_EAST_2 explains why it failed

    @req:EAR-013 @needs:stage
    Scenario: A missing registration is seen and can be made good
      Given the subscription has not registered Microsoft.Network
      When the custodian registers Microsoft.Network
      Then the provider Microsoft.Network is registered within 10 minutes

  Rule: Conditional access must let the addresses of Atlas sign in

    @req:EAR-012
    Scenario: Atlas publishes the addresses of its control plane and of every cluster
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the auditor reads the addresses of Atlas
      Then Atlas publishes addresses of its control plane and of every cluster

    @req:EAR-012 @needs:stage @reading:static_credentials
    Scenario: With sign-in open to the published addresses the key stays valid
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And sign-in is limited to the addresses that Atlas publishes
      When 20 minutes pass
      Then the project finds its key valid

    @req:EAR-012 @needs:stage @reading:static_credentials
    Scenario: With sign-in closed to Atlas the key cannot be configured
      Given a project without a customer key
      And sign-in is limited to addresses of the customer
      When the operator turns on the customer's key
      Then the request is refused because the credentials are wrong
      And the project has no customer key

  Rule: The client secret must not have expired

    @req:EAR-016 @reading:static_credentials
    Scenario: A wrong secret is refused
      Given a project without a customer key
      When the operator turns on the customer's key with the secret "not-the-secret-of-this-application"
      Then the request is refused because the credentials are wrong

    @req:EAR-016 @needs:stage @reading:static_credentials
    Scenario: An expired secret costs access to the key, and with it the clusters
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the client secret expires 10 minutes from now
      When 2 hours pass
      Then the project finds its key invalid
      And cluster "payments" is stopped within the agreed pause time

    @req:EAR-016 @needs:stage @reading:static_credentials
    Scenario: A secret that is still good keeps the clusters running
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the client secret expires 5 hours from now
      When 2 hours pass
      Then the project finds its key valid
      And cluster "payments" is running
