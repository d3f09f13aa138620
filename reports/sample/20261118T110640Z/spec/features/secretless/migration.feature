@active @needs:secretless
Feature: A project moves from a secret to an access role without interruption, or stays as it is
  What was accepted counts from then on and the secret is forgotten; what fails leaves the secret in force.

  Rule: The move is made when the key works through the role, and only then

    @req:EAR-141 @reading:static_credentials
    Scenario: After the move the role counts, and application and tenant are gone
      Given a project that uses the customer's key with a client secret
      When the operator asks for an access role
      And the operator moves the project to the access role
      Then the request is accepted
      And the project signs in through the access role
      And the project shows the key in use
      And the project finds its key valid

    @req:EAR-141 @reading:static_credentials @needs:stage
    Scenario: After the move the end of the secret does not matter any more
      Given a project that uses the customer's key with a client secret
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And the client secret expires 10 minutes from now
      When the operator asks for an access role
      And the operator moves the project to the access role
      Then the request is accepted
      When 4 hours pass
      Then the project finds its key valid
      And cluster "payments" is running

    @req:EAR-141 @reading:static_credentials
    Scenario: Without rights for Atlas's own application the secret stays in force
      Given a project that uses the customer's key with a client secret
      When the operator asks for an access role
      And the custodian takes away the role of Atlas's own application on the vault
      And 15 minutes pass
      And the operator moves the project to the access role
      Then the request is refused because the key may not be used
      And the configuration is unchanged
      And the project signs in with its secret
      And the project finds its key valid
      And the access role says that nothing uses it

    @req:EAR-141 @reading:static_credentials
    Scenario: A role that is gone leaves the secret in force
      Given a project that uses the customer's key with a client secret
      When the operator asks for an access role
      And the operator removes the access role
      Then the request is accepted
      When the operator moves the project to the access role
      Then the request is refused because the project has no such access role
      And the configuration is unchanged
      And the project signs in with its secret
      And the project finds its key valid

  Rule: Clusters do not notice the move

    @req:EAR-144 @reading:static_credentials
    Scenario: A cluster keeps running through the move
      Given a project that uses the customer's key with a client secret
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator asks for an access role
      And the operator moves the project to the access role
      Then the request is accepted
      And cluster "payments" stays running for 2 hours
      And the project finds its key valid

    @req:EAR-144 @reading:static_credentials @reading:omitted_private_flag
    Scenario: Every cluster in every region keeps running through the move over private networking
      Given a project that uses the customer's key with a client secret over private networking
      And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      And a cluster "ledger" in EUROPE_NORTH encrypted with the customer's key
      When the operator asks for an access role
      And the operator moves the project to the access role
      Then the request is accepted
      And cluster "ledger" is running
      And cluster "payments" stays running for 1 hours
      And cluster "ledger" stays running for 1 hours
      And the project signs in through the access role
      And the project finds its key valid

    @req:EAR-144 @reading:static_credentials
    Scenario: A move that fails does not disturb a cluster either
      Given a project that uses the customer's key with a client secret
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator asks for an access role
      And the custodian takes away the role of Atlas's own application on the vault
      And 15 minutes pass
      And the operator moves the project to the access role
      Then the request is refused because the key may not be used
      And cluster "payments" stays running for 2 hours

    @req:EAR-141 @req:EAR-144 @reading:static_credentials=deprecated
    Scenario: Where secrets are no longer taken, the role is what a running cluster rests on
      Given a project that uses the customer's key through an access role
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator turns on the customer's key with the client secret of anybody
      Then the request is refused because static credentials are no longer supported
      And the configuration is unchanged
      And the project signs in through the access role
      And cluster "payments" stays running for 2 hours
