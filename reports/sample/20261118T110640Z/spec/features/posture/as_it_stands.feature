@passive @posture
Feature: A project that uses the customer's key privately is set up as the documentation asks
  Nothing is changed here: these are the questions an auditor asks of a project in production. On the fake, a
  project is set up first for the questions to be put to.

  Background:
    Given a project as it stands

  @req:EAR-023 @req:EAR-024
  Scenario: The customer's key is on, and Atlas finds it valid
    Then the project uses the customer's key
    And the project finds its key valid

  @req:EAR-025
  Scenario: The configuration shows no secret
    Then the project shows no secret

  @req:EAR-026 @reading:static_credentials
  Scenario: The configuration shows who signs in
    Then the project shows the application and the tenant

  @req:EAR-082
  Scenario: Private networking is required
    Then the project requires private networking

  @req:EAR-009
  Scenario: Every region in use has its endpoint
    Then every region with an encrypted cluster has an active private endpoint

  @req:EAR-004
  Scenario: Encrypted clusters are of dedicated tiers
    Then every encrypted cluster is of a dedicated tier

  @req:EAR-005
  Scenario: Encrypted clusters stand on Azure alone
    Then every encrypted cluster stands on Azure alone

  @req:EAR-013
  Scenario: The provider for networking is registered
    Then the provider Microsoft.Network is registered

  @req:EAR-087 @req:EAR-084
  Scenario: Endpoints stand in regions of Azure and have well-formed identifiers
    Then every private endpoint has a well-formed identifier and region
