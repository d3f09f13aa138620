@active
Feature: A project uses the customer's key once it has been told everything about it
  The key configuration is complete or it is refused; what was accepted can be read back, except the secret.

  Rule: Every detail of the key and of the credentials is required

    @req:EAR-010 @req:EAR-023 @req:EAR-024
    Scenario: A complete configuration is accepted and found valid
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the request is accepted
      And the project uses the customer's key
      And the project finds its key valid

    @req:EAR-022
    Scenario: Turning on the key is answered with the whole configuration
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the request is accepted
      And the answer shows the whole configuration as it then reads

    @req:EAR-022
    Scenario: A change of the key is answered with the whole configuration
      Given a project that uses the customer's key
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the answer shows the whole configuration as it then reads
      And the project shows the key in use

    @req:EAR-022
    Scenario: Requiring private networking is answered with the whole configuration
      Given a project that uses the customer's key
      When the operator requires private networking
      Then the request is accepted
      And the answer shows the whole configuration as it then reads
      And the project requires private networking

    @req:EAR-010 @req:EAR-028 @reading:static_credentials
    Scenario Outline: Credentials without the <detail> are refused
      Given a project without a customer key
      When the operator turns on the customer's key without the <detail>
      Then the request is refused because something required is missing
      And the project has no customer key

      Examples: What static credentials consist of
        | detail      |
        | application |
        | tenant      |
        | secret      |

    @req:EAR-011 @req:EAR-028
    Scenario Outline: A key configuration without the <detail> is refused
      Given a project without a customer key
      When the operator turns on the customer's key without the <detail>
      Then the request is refused because something required is missing
      And the project has no customer key

      Examples: What tells Atlas where the key is
        | detail         |
        | subscription   |
        | resource group |
        | vault          |
        | key            |

    @req:EAR-011
    Scenario: A key configuration that says where the key is, is accepted
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the request is accepted

    @req:EAR-028
    Scenario: A key configuration without the Azure environment is refused
      Given a project without a customer key
      When the operator turns on the customer's key without the environment
      Then the request is refused because something required is missing
      And the project has no customer key

    @req:EAR-028
    Scenario Outline: Over private networking, where the key is tried out later, it is refused without the <detail>
      Given a project without a customer key
      When the operator turns on the customer's key over private networking without the <detail>
      Then the request is refused because something required is missing
      And the project has no customer key

      Examples: What tells Atlas where the key is
        | detail         |
        | subscription   |
        | resource group |

    @req:EAR-028 @reading:static_credentials
    Scenario Outline: Over private networking, credentials without the <detail> are refused
      Given a project without a customer key
      When the operator turns on the customer's key over private networking without the <detail>
      Then the request is refused because something required is missing
      And the project has no customer key

      Examples: What static credentials consist of
        | detail      |
        | application |
        | tenant      |
        | secret      |

    @req:EAR-028
    Scenario: A key is not turned on without any details
      Given a project without a customer key
      When the operator turns on the customer's key, giving no details
      Then the request is refused because something required is missing
      And the project has no customer key

    @req:EAR-028
    Scenario: A key that was turned off needs all its details again
      Given a project that uses the customer's key
      When the operator turns off the customer's key
      Then the request is accepted
      When the operator turns on the customer's key, giving no details
      Then the request is refused because something required is missing
      And the project has no customer key
      When the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-028
    Scenario: Private networking does not make the details dispensable
      Given a project without a customer key
      When the operator requires private networking
      Then the request is refused because something required is missing
      And the project has no customer key

  Rule: A key is named by its full identifier, version included

    @req:EAR-032 @req:EAR-033
    Scenario Outline: A key identifier <flaw> is refused
      Given a project without a customer key
      When the operator turns on the customer's key with the key "<identifier>"
      Then the request is refused because the key identifier is malformed
      And the project has no customer key

      Examples: Identifiers that are not a full address of a key version
        | flaw                   | identifier                                                                     |
        | that is only a name    | atlas-cmk                                                                      |
        | without a key          | https://customer.vault.azure.net/                                              |
        | without encryption     | http://customer.vault.azure.net/keys/atlas/3f0c9a1be27d4c6f8a5512aa90be77c1    |
        | outside Key Vault      | https://customer.example.com/keys/atlas/3f0c9a1be27d4c6f8a5512aa90be77c1       |
        | with a cut version     | https://customer.vault.azure.net/keys/atlas/3f0c9a1be27d4c6f                   |
        | of a secret, not a key | https://customer.vault.azure.net/secrets/atlas/3f0c9a1be27d4c6f8a5512aa90be77c1 |

    @req:EAR-032 @reading:static_key_version @reading:static_credentials
    Scenario: A key identifier without its version is refused
      Given a project without a customer key
      When the operator turns on the customer's key, naming no version of it
      Then the request is refused because the key identifier is malformed
      And the project has no customer key

    @req:EAR-032 @reading:static_key_version=optional @reading:static_credentials
    Scenario: If the version may be left out, a key identifier without one is accepted
      Given a project without a customer key
      When the operator turns on the customer's key, naming no version of it
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-033
    Scenario: A malformed key identifier is refused for a key in use, and changes nothing
      Given a project that uses the customer's key
      When the operator changes the key of the configuration to "atlas-cmk"
      Then the request is refused because the key identifier is malformed
      And the configuration is unchanged
      And the project finds its key valid

    @req:EAR-033
    Scenario: Under private networking, where the key is tried out later, a malformed identifier is refused at once
      Given a project that uses the customer's key over private networking
      When the operator changes the key of the configuration to "https://customer.vault.azure.net/keys/"
      Then the request is refused because the key identifier is malformed
      And the configuration is unchanged

    @req:EAR-032 @req:EAR-033
    Scenario: A full key identifier is accepted
      Given a project without a customer key
      When the operator turns on the customer's key
      Then the request is accepted
      And the project shows a full key identifier

  Rule: A change says which provider of keys it is about

    @req:EAR-039
    Scenario: A change that names no provider is refused for a project without a key
      Given a project without a customer key
      When the operator asks for a change of encryption that names no provider
      Then the request is refused because no provider of keys is named
      And the configuration is unchanged

    @req:EAR-039
    Scenario: A change that names no provider is refused for a project with a key
      Given a project that uses the customer's key
      When the operator asks for a change of encryption that names no provider
      Then the request is refused because no provider of keys is named
      And the configuration is unchanged
      And the project finds its key valid

    @req:EAR-039
    Scenario: A change that names its provider is accepted
      Given a project that uses the customer's key
      When the operator changes the environment of the configuration to "AZURE"
      Then the request is accepted
      And the project finds its key valid

  Rule: What was configured can be read back, the secret never

    @req:EAR-026 @reading:static_credentials
    Scenario: The application and the tenant are shown
      Given a project that uses the customer's key
      When the auditor reads the configuration
      Then the project shows the application and the tenant

    @req:EAR-025
    Scenario: The secret is not shown
      Given a project that uses the customer's key
      When the auditor reads the configuration
      Then the project shows no secret

    @req:EAR-031
    Scenario: A project without a customer key lists every provider, all of them off
      Given a project without a customer key
      When the auditor reads the configuration
      Then the project lists every provider of keys, all of them off
      And the project has no customer key

  Rule: Changes are partial

    @req:EAR-029
    Scenario: One detail of a configuration can be changed by itself
      Given a project that uses the customer's key
      When the operator moves the project to the next version of the key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-046
    Scenario: A configuration sent back as it was read is accepted
      Given a project that uses the customer's key
      When the operator sends the configuration back as it was read
      Then the request is accepted
      And the project finds its key valid
