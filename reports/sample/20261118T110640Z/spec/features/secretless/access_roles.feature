@active @needs:secretless
Feature: Atlas signs in to Azure without a secret, through an access role
  The customer admits Atlas's own application to the tenant, gives it rights on the vault, and tells Atlas so: what
  comes back is a role, and the key is configured by that role instead of an application and its secret.

  Rule: Asking for access yields a role, and the key is turned on through it

    @req:EAR-140 @req:EAR-145
    Scenario: A role is given for Atlas's own application
      Given a project without a customer key
      When the operator asks for an access role
      Then the request is accepted
      And the access role is found and well-formed
      And the access role is for Atlas's own application

    @req:EAR-140
    Scenario: The key is turned on through the role
      Given a project without a customer key
      When the operator asks for an access role
      And the operator turns on the customer's key through the access role
      Then the request is accepted
      And the project signs in through the access role
      And the project finds its key valid

    @req:EAR-140
    Scenario: A cluster is encrypted with a key that was turned on through the role
      Given a project that uses the customer's key through an access role
      And a cluster "payments" in US_EAST_2 encrypted with Atlas's own key
      When the operator switches cluster "payments" to the customer's key
      Then the request is accepted
      And cluster "payments" is encrypted with the customer's key within the agreed cluster time
      And cluster "payments" stays running for 2 hours
      And the project finds its key valid

    @req:EAR-140
    Scenario: Over private networking the key is turned on through the role as well
      Given a project without a customer key
      When the operator asks for an access role
      And the operator turns on the customer's key through the access role over private networking
      Then the request is accepted
      And the project signs in through the access role
      And the project requires private networking

    @req:EAR-140
    Scenario: A role that the project does not have is refused
      Given a project without a customer key
      When the operator turns on the customer's key through a role of nobody's
      Then the request is refused because the project has no such access role
      And the project has no customer key

    @req:EAR-140
    Scenario: Over private networking, where the key is tried out later, a removed role is refused at once
      Given a project without a customer key
      When the operator asks for an access role
      And the operator removes the access role
      Then the request is accepted
      When the operator turns on the customer's key through the access role over private networking
      Then the request is refused because the project has no such access role
      And the project has no customer key

    @req:EAR-140 @needs:reader
    Scenario: A caller who may only read cannot ask for a role
      Given a project without a customer key
      And a caller who may only read
      When the auditor reads the access roles
      And the operator asks for an access role
      Then the request is refused because the caller lacks the role
      And the access roles are unchanged

  Rule: The role is for Atlas's own application and its service principal, and for no other

    @req:EAR-145
    Scenario: A role of another application is refused
      Given a project without a customer key
      When the auditor reads the access roles
      And the operator asks for an access role of another application
      Then the request is refused because the service principal is not Atlas's
      And the access roles are unchanged

    @req:EAR-145
    Scenario: A role of a principal that the tenant does not have is refused
      Given a project without a customer key
      When the auditor reads the access roles
      And the operator asks for an access role of an unknown principal
      Then the request is refused because the service principal is not Atlas's
      And the access roles are unchanged

  Rule: A role in use says so, and stays

    @req:EAR-143
    Scenario: A role that encryption uses cannot be removed
      Given a project that uses the customer's key through an access role
      When the auditor reads the access roles
      Then the access role says that encryption uses it
      When the operator removes the access role
      Then the request is refused because encryption uses the access role
      And the access roles are unchanged
      And the project finds its key valid

    @req:EAR-143
    Scenario: A role that nothing uses can be removed
      Given a project without a customer key
      When the operator asks for an access role
      Then the access role says that nothing uses it
      When the operator removes the access role
      Then the request is accepted
      And the access role is gone

    @req:EAR-143
    Scenario: A role can be removed once the key has been turned off
      Given a project that uses the customer's key through an access role
      When the auditor reads the access roles
      Then the access role says that encryption uses it
      When the operator turns off the customer's key
      Then the request is accepted
      And the access role says that nothing uses it
      When the operator removes the access role
      Then the request is accepted
      And the access role is gone

    @req:EAR-143
    Scenario: A second role beside the one in use can be removed
      Given a project that uses the customer's key through an access role
      When the operator asks for an access role
      Then the access role says that nothing uses it
      When the operator removes the access role
      Then the request is accepted
      And the access role is gone
      And the project finds its key valid
