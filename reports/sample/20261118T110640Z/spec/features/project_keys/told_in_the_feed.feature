@active
Feature: The activity feed tells of every change of the key configuration
  Who looks for changes of the key finds each one there, and what its check said.

  @req:EAR-120
  Scenario: Turning on the key is told of, and that it works
    Given a project without a customer key
    When the operator turns on the customer's key
    Then the activity feed says that the key configuration was updated within the agreed alert time
    And the activity feed says that the key configuration was validated within the agreed alert time
    And the activity feed says once that the key configuration was updated
    And the activity feed says once that the key configuration was validated
    And the activity feed says nowhere that the key configuration was found unusable

  @req:EAR-120
  Scenario: Every later change is told of, with its check
    Given a project that uses the customer's key
    When the operator moves the project to the next version of the key
    And 20 minutes pass
    Then the activity feed says twice that the key configuration was updated
    And the activity feed says twice that the key configuration was validated
    When the operator moves the project to the next version of the key
    And 20 minutes pass
    Then the activity feed says three times that the key configuration was updated
    And the activity feed says three times that the key configuration was validated

  @req:EAR-120
  Scenario: A change that is refused is not told of as an update
    Given a project that uses the customer's key
    When the operator moves the project to a key in another vault
    Then the request is refused because the key is not in the configured vault
    When 20 minutes pass
    Then the activity feed says once that the key configuration was updated

  @req:EAR-120
  Scenario: Turning off the key is told of
    Given a project that uses the customer's key
    When the operator turns off the customer's key
    Then the request is accepted
    When 20 minutes pass
    Then the activity feed says twice that the key configuration was updated

  @req:EAR-120
  Scenario: Reading the configuration is no change of it
    Given a project that uses the customer's key
    When the auditor reads the configuration
    And 1 hours pass
    Then the activity feed says once that the key configuration was updated
    And the activity feed says once that the key configuration was validated
