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
