@active
Feature: Atlas looks at the key before it relies on it
  A key that cannot be used, or soon cannot, is refused when it is configured, with the reason.

  Rule: Only a key that works, and will for two days, is accepted

    @req:EAR-034
    Scenario: A disabled key is refused
      Given a project without a customer key
      When the custodian disables the key
      And the operator turns on the customer's key
      Then the request is refused because the key is disabled
      And the project has no customer key

    @req:EAR-034
    Scenario: A key version that does not exist is refused
      Given a project without a customer key
      When the operator turns on a version of the key that does not exist
      Then the request is refused because the key does not exist

    @req:EAR-034
    Scenario: An expired key is refused
      Given a project without a customer key
      And the key expires 5 minutes from now
      When 10 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because the key has expired

    @req:EAR-034
    Scenario Outline: A key that expires in <time> is refused
      Given a project without a customer key
      And the key expires <time> from now
      When the operator turns on the customer's key
      Then the request is refused because the key expires within 48 hours

      Examples: Within two days
        | time     |
        | 1 hours  |
        | 47 hours |

    @req:EAR-034
    Scenario: A key that expires in 49 hours is accepted
      Given a project without a customer key
      And the key expires 49 hours from now
      When the operator turns on the customer's key
      Then the request is accepted

    @req:EAR-034
    Scenario: A key that is not valid yet is refused
      Given a project without a customer key
      And the key becomes valid 1 hours from now
      When the operator turns on the customer's key
      Then the request is refused because the key is not active yet

  Rule: Credentials are tried out as well

    @req:EAR-035 @reading:static_credentials
    Scenario Outline: A configuration with a wrong <detail> is refused
      Given a project without a customer key
      When the operator turns on the customer's key with the <detail> "<value>"
      Then the request is refused because the credentials are wrong
      And the project has no customer key

      Examples: What signing in depends on
        | detail      | value                                |
        | secret      | not-the-secret-of-this-application   |
        | application | 00000000-0000-4000-8000-000000000002 |
        | tenant      | 00000000-0000-4000-8000-000000000003 |

    @req:EAR-035 @reading:static_credentials
    Scenario: A wrong secret is refused for a key that is in use, and changes nothing
      Given a project that uses the customer's key
      When the operator changes the secret of the configuration to "not-the-secret-of-this-application"
      Then the request is refused because the credentials are wrong
      And the configuration is unchanged
      And the project finds its key valid

  Rule: The other details of Azure are looked up as well

    @req:EAR-038
    Scenario Outline: A configuration with a <detail> that does not exist is refused
      Given a project without a customer key
      When the operator turns on the customer's key with the <detail> "<value>"
      Then the request is refused because the Azure details are wrong
      And the project has no customer key

      Examples: Where the vault is
        | detail         | value                                |
        | subscription   | 00000000-0000-4000-8000-000000000004 |
        | resource group | cmkproof-no-such-group               |
        | vault          | cmkproof-no-vault                    |

    @req:EAR-038
    Scenario Outline: A <detail> that does not exist is refused for a key in use, and changes nothing
      Given a project that uses the customer's key
      When the operator changes the <detail> of the configuration to "<value>"
      Then the request is refused because the Azure details are wrong
      And the configuration is unchanged
      And the project finds its key valid

      Examples: Where the vault is
        | detail         | value                                |
        | subscription   | 00000000-0000-4000-8000-000000000004 |
        | resource group | cmkproof-no-such-group               |

    @req:EAR-038
    Scenario: A configuration that says rightly where the vault is, is accepted
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

  Rule: Three clouds of Azure are supported

    @req:EAR-037
    Scenario Outline: The environment "<name>" is refused
      Given a project without a customer key
      When the operator turns on the customer's key with the environment "<name>"
      Then the request is refused because the environment is not supported
      And the project has no customer key

      Examples: Clouds that are none of the three
        | name          |
        | AZURE_GERMANY |
        | azure         |
        | AWS           |

    @req:EAR-037
    Scenario: An unsupported environment is refused for a key in use, and changes nothing
      Given a project that uses the customer's key
      When the operator changes the environment of the configuration to "AZURE_GERMANY"
      Then the request is refused because the environment is not supported
      And the configuration is unchanged
      And the project finds its key valid

    @req:EAR-037
    Scenario: The public cloud is supported
      Given a project without a customer key
      When the operator turns on the customer's key with the environment "AZURE"
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-037
    Scenario Outline: <cloud> is supported
      Given a project without a customer key
      When the operator turns on a key in <cloud> over private networking
      Then the request is accepted
      And the project requires private networking

      Examples: Sovereign clouds; their keys cannot be tried out from here, so networking is private
        | cloud            |
        | Azure China      |
        | Azure Government |

  Rule: A client secret is accepted where Atlas still supports it

    @req:EAR-041 @reading:static_credentials
    Scenario: The key is turned on with a client secret
      Given a project without a customer key
      When the operator turns on the customer's key with a client secret
      Then the request is accepted
      And the project signs in with its secret
      And the project finds its key valid

    @req:EAR-041 @reading:static_credentials=deprecated
    Scenario: A client secret is refused where Atlas no longer supports it
      Given a project without a customer key
      When the operator turns on the customer's key with the client secret of anybody
      Then the request is refused because static credentials are no longer supported
      And the project has no customer key

    @req:EAR-041 @reading:static_credentials=deprecated @needs:secretless
    Scenario: Where a client secret is no longer supported, an access role is
      Given a project without a customer key
      When the operator asks for an access role
      And the operator turns on the customer's key through the access role
      Then the request is accepted
      And the project finds its key valid
