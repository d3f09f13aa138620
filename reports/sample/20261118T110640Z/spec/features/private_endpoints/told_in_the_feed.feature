@active
Feature: The activity feed tells of every private endpoint
  Who looks for changes of the way to the vault finds each creation and each deletion there.

  @req:EAR-119
  Scenario: Each endpoint that is created is told of
    Given a project that uses the customer's key over private networking
    When the operator asks for a private endpoint in US_EAST_2
    Then the activity feed says that a private endpoint was created within the agreed creation time
    And the activity feed says once that a private endpoint was created
    When the operator asks for a private endpoint in EUROPE_NORTH
    And 30 minutes pass
    Then the activity feed says twice that a private endpoint was created
    And the activity feed says nowhere that a private endpoint was deleted

  @req:EAR-119
  Scenario: A request that is refused is not told of as a creation
    Given a project that uses the customer's key
    When the operator asks for a private endpoint in US_EAST_2
    Then the request is refused because private networking is not required
    When 30 minutes pass
    Then the activity feed says nowhere that a private endpoint was created

  @req:EAR-119
  Scenario: Each endpoint that is deleted is told of
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 and EUROPE_NORTH that is active
    When the operator deletes the private endpoint in US_EAST_2
    Then the private endpoint in US_EAST_2 is gone within the agreed deletion time
    And the activity feed says that a private endpoint was deleted within the agreed deletion time
    And the activity feed says once that a private endpoint was deleted
    When the operator deletes the private endpoint in EUROPE_NORTH
    Then the private endpoint in EUROPE_NORTH is gone within the agreed deletion time
    When 5 minutes pass
    Then the activity feed says twice that a private endpoint was deleted

  @req:EAR-119
  Scenario: A deletion that is refused is not told of
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is being created
    When the operator deletes the private endpoint in US_EAST_2
    Then the request is refused because the endpoint is still being created
    When 30 minutes pass
    Then the activity feed says nowhere that a private endpoint was deleted
