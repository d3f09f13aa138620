@active
Feature: Private networking is a setting of the project, separate from the key itself
  It is off unless asked for, can be turned on while the key is in use, and reads as it was set.

  Rule: Private networking is off unless it was asked for

    @req:EAR-027 @req:EAR-082
    Scenario: A key configured without a word about the network uses public networking
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the project does not require private networking

    @req:EAR-082
    Scenario: A key configured over private networking reads so
      Given a project without a customer key
      When the operator turns on the customer's key over private networking
      Then the request is accepted
      And the project requires private networking

  Rule: Private networking is turned on in place

    @req:EAR-049
    Scenario: Requiring private networking keeps the customer's key on
      Given a project that uses the customer's key
      When the operator requires private networking
      Then the request is accepted
      And the project requires private networking
      And the project shows the key in use

    @req:EAR-049 @reading:private_validation
    Scenario: Until the nodes have reported, requiring private networking leaves the key valid
      Given a project that uses the customer's key
      When the operator requires private networking
      Then the project finds its key valid

    @req:EAR-049
    Scenario: Clusters keep running while private networking is turned on
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator requires private networking
      Then cluster "payments" stays running for 20 minutes

  Rule: Private networking can be turned off again once no endpoint is left

    @req:EAR-079
    Scenario: Without endpoints the project returns to public networking
      Given a project that uses the customer's key over private networking
      When the operator stops requiring private networking
      Then the request is accepted
      And the project does not require private networking

    @req:EAR-079
    Scenario: After the last endpoint is gone the project returns to public networking
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator deletes the private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
      When the operator stops requiring private networking
      Then the request is accepted
      And the project does not require private networking

  Rule: Leaving the setting out of a change leaves it as it is

    @req:EAR-078 @reading:omitted_private_flag
    Scenario: A change that does not speak of the network keeps private networking
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the project requires private networking
      When the operator changes the environment of the configuration to "AZURE"
      Then the request is accepted
      And the project requires private networking

    @req:EAR-078 @reading:omitted_private_flag=false
    Scenario: If leaving it out means no, a change that does not speak of the network is refused while an endpoint exists
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      When the operator changes the environment of the configuration to "AZURE"
      Then the request is refused because endpoints still need private networking
      And the project requires private networking
