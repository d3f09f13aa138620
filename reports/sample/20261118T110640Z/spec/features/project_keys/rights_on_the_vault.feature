@active
Feature: Atlas needs few rights on the vault, and all of them
  Least privilege, one right at a time: what the documentation asks for is enough, and each part of it is needed.
  Atlas's principal is given exactly the rights named, in place of all that it had; changed roles take some minutes.

  Rule: In a vault with role-based access, seeing vault and key, reading, encrypting and decrypting is enough

    @req:EAR-015 @reading:key_permissions
    Scenario: With exactly the documented rights by role, the key is turned on
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt and decrypt by role
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-015 @reading:key_permissions
    Scenario: A key in use needs no more than the documented rights by role
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian lets Atlas read, encrypt and decrypt by role
      And 15 minutes pass
      Then cluster "payments" stays running for 2 hours
      And the project finds its key valid

    @req:EAR-015 @req:EAR-036
    Scenario: With the rights to wrap and unwrap on top, the key is turned on as well
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt, decrypt, wrap and unwrap by role
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-015
    Scenario Outline: With less, <rights>, the key is refused
      Given a project without a customer key
      When the custodian lets Atlas <rights> by role
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because Atlas lacks a right on the vault
      And the project has no customer key

      Examples: One right less
        | rights                                             |
        | only encrypt and decrypt                           |
        | only read and decrypt                              |
        | only read and encrypt                              |
        | read, encrypt and decrypt without seeing the vault |
        | read, encrypt and decrypt without seeing its keys  |

    @req:EAR-015 @reading:key_permissions=wrap_unwrap_too
    Scenario: Where wrapping and unwrapping are asked for too, the rest by role is not enough
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt and decrypt by role
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because Atlas lacks a right on the vault
      And the project has no customer key

  Rule: In a vault with access policies, Get, Encrypt and Decrypt are enough beside seeing the vault

    @req:EAR-014 @reading:key_permissions
    Scenario: With exactly the documented permissions, the key is turned on
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt and decrypt by access policy
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-014 @reading:key_permissions
    Scenario: A key in use needs no more than the documented permissions
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the custodian lets Atlas read, encrypt and decrypt by access policy
      And 15 minutes pass
      Then cluster "payments" stays running for 2 hours
      And the project finds its key valid

    @req:EAR-014 @reading:key_permissions
    Scenario: Seeing the keys by role is not needed where policies decide
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt and decrypt without seeing its keys by access policy
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-014
    Scenario: With the permissions to wrap and unwrap on top, the key is turned on as well
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt, decrypt, wrap and unwrap by access policy
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid

    @req:EAR-014
    Scenario Outline: With one permission less, <rights>, the key is refused
      Given a project without a customer key
      When the custodian lets Atlas <rights> by access policy
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because Atlas lacks a right on the vault
      And the project has no customer key

      Examples: One permission less
        | rights                                             |
        | only encrypt and decrypt                           |
        | only read and decrypt                              |
        | only read and encrypt                              |
        | read, encrypt and decrypt without seeing the vault |

    @req:EAR-014 @reading:key_permissions=wrap_unwrap_too
    Scenario: Where wrapping and unwrapping are asked for too, the other permissions are not enough
      Given a project without a customer key
      When the custodian lets Atlas read, encrypt and decrypt by access policy
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because Atlas lacks a right on the vault
      And the project has no customer key

  Rule: Who may not encrypt and decrypt is told so

    @req:EAR-036
    Scenario Outline: Atlas may <rights> by <model>, and the key is refused for want of a right
      Given a project without a customer key
      When the custodian lets Atlas <rights> by <model>
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because the key may not be used
      And the project has no customer key

      Examples: Encrypting, decrypting or both are missing
        | rights                     | model         |
        | only read                  | role          |
        | only read and encrypt      | role          |
        | only read and decrypt      | role          |
        | only read, wrap and unwrap | role          |
        | only read                  | access policy |
        | only read and encrypt      | access policy |
        | only read and decrypt      | access policy |
        | only read, wrap and unwrap | access policy |

    @req:EAR-036
    Scenario: Without any role the refusal is the same, and with its roles back the key is accepted
      Given a project without a customer key
      When the custodian takes away Atlas's role on the vault
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is refused because the key may not be used
      And the project has no customer key
      When the custodian lets Atlas read, encrypt, decrypt, wrap and unwrap by role
      And 15 minutes pass
      And the operator turns on the customer's key
      Then the request is accepted
      And the project finds its key valid
