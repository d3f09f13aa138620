@destructive
Feature: Game day: the vault is lost
  The worst that a customer can still come back from: the vault is deleted, with the key in it. What a recovered vault
  has lost has to be given back by hand.

  @req:EAR-101 @req:EAR-111 @needs:stage @reading:key_disabled_rendering
  Scenario: The vault is deleted and recovered under public networking
    Given a project that uses the customer's key
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy
    When the breaker brings about "delete-vault" for at most 4 hours
    Then cluster "payments" is stopped within 2 hours
    And cluster "payments" stays stopped for 1 hours
    And every fault is still in force
    When everything that was broken is undone
    Then cluster "payments" is running within the agreed recovery time
    And the project is healthy within the agreed alert time
    And everything that was broken is as it was

  @req:EAR-102 @needs:stage @reading:link_loss_means
  Scenario: Over private networking its loss is the loss of the way, which stops nothing
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key
    And the project is healthy
    When the breaker brings about "delete-vault" for at most 4 hours
    Then cluster "payments" stays running for 2 hours
    And every fault is still in force
    When everything that was broken is undone
    Then the project is healthy within the agreed alert time
    And every region with an encrypted cluster has an active private endpoint
    And everything that was broken is as it was
