@destructive
Feature: Under private networking the data nodes check the key, after the configuration was accepted
  Atlas's control plane has no way to the vault. Whether a configuration works shows only once nodes have tried it.

  Rule: A configuration is accepted first and checked afterwards

    @req:EAR-114 @req:EAR-120 @reading:omitted_private_flag
    Scenario: A key that does not exist is accepted and then found unusable
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When 1 hours pass
      And the operator moves the project to a version of the key that does not exist
      Then the request is accepted
      And the activity feed says nowhere that the key configuration was found unusable
      And the activity feed says that the key configuration was found unusable within the agreed alert time
      And the activity feed says once that the key configuration was found unusable
      And the project finds its key invalid

    @req:EAR-114 @req:EAR-120 @reading:omitted_private_flag
    Scenario: A key that works is accepted and then found valid
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When 1 hours pass
      Then the activity feed says once that the key configuration was validated
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the activity feed says once that the key configuration was validated
      When 1 hours pass
      Then the activity feed says twice that the key configuration was validated
      And the activity feed says nowhere that the key configuration was found unusable
      And the project finds its key valid

    @req:EAR-114
    Scenario: Under public networking a key that does not exist is refused at once
      Given a project that uses the customer's key
      When the operator moves the project to a version of the key that does not exist
      Then the request is refused because the key does not exist
      And the configuration is unchanged
      And the project finds its key valid

    @req:EAR-114 @reading:private_validation
    Scenario: Until a node has looked, a key counts as valid
      Given a project without a customer key
      When the operator turns on a version of the key that does not exist over private networking
      Then the request is accepted
      When 1 hours pass
      Then the project finds its key valid

    @req:EAR-114 @reading:private_validation=pessimistic
    Scenario: Until a node has looked, a key does not count as valid
      Given a project without a customer key
      When the operator turns on the customer's key over private networking
      Then the request is accepted
      When 1 hours pass
      Then the project finds its key invalid

    @req:EAR-114 @req:EAR-120
    Scenario: A key that does not exist is found unusable by the first cluster that uses it
      Given a project without a customer key
      When the operator turns on a version of the key that does not exist over private networking
      Then the request is accepted
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is waiting for approval within the agreed creation time
      When the custodian approves the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is active within 3 minutes
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And the activity feed says nowhere that the key configuration was found unusable
      And the activity feed says that the key configuration was found unusable within the agreed cluster time
      And the project finds its key invalid

  Rule: Access that was configured wrongly shuts the cluster down in the end

    @req:EAR-115 @reading:omitted_private_flag @reading:key_disabled_rendering @reading:static_credentials
    Scenario: A wrong secret is accepted, stops the cluster, and the right one brings it back
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When 30 minutes pass
      And the operator changes the secret of the configuration to "not-the-secret-of-this-application"
      Then the request is accepted
      And cluster "payments" is stopped within the agreed pause time
      And the project finds its key invalid
      When the operator enters the same credentials again
      Then the request is accepted
      And cluster "payments" is running within the agreed recovery time

    @req:EAR-115 @reading:omitted_private_flag @reading:static_credentials
    Scenario: The same credentials, entered again, stop nothing
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator enters the same credentials again
      Then the request is accepted
      And cluster "payments" stays running for 2 hours
      And the project finds its key valid

    @req:EAR-115 @reading:static_credentials
    Scenario: Under public networking a wrong secret is refused at once and stops nothing
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator changes the secret of the configuration to "not-the-secret-of-this-application"
      Then the request is refused because the credentials are wrong
      And the configuration is unchanged
      And cluster "payments" stays running for 2 hours

    @req:EAR-115 @reading:key_disabled_rendering
    Scenario: A cluster that starts under a key that does not exist is shut down
      Given a project without a customer key
      When the operator turns on a version of the key that does not exist over private networking
      Then the request is accepted
      When the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is waiting for approval within the agreed creation time
      When the custodian approves the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is active within 3 minutes
      When the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" is stopped within the agreed cluster time
