@destructive
Feature: What is broken on purpose is whole again afterwards
  Faults of the catalogue, as a drill brings them about: a project that is healthy, a fault for a time, what must be seen
  meanwhile, and everything as it was.

  Background:
    Given a project that uses the customer's key over private networking
    And a private endpoint in US_EAST_2 that is active
    And a cluster "payments" in US_EAST_2 encrypted with the customer's key

  Rule: A key that cannot be used stops the cluster, and nothing else is needed than the key to start it

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario: The key is disabled
      When the faults "disable-key" strike US_EAST_2 for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And everything that was broken is as it was

    @req:EAR-101 @req:EAR-111 @reading:key_disabled_rendering
    Scenario: The key is disabled and Atlas's roles on the vault are taken away
      When the faults "disable-key" and "remove-roles" strike US_EAST_2 for at most 2 hours
      Then cluster "payments" is stopped within the agreed pause time
      When everything that was broken is undone
      Then cluster "payments" is running within the agreed recovery time
      And everything that was broken is as it was

  Rule: A key that cannot be reached stops nothing

    @req:EAR-102 @req:EAR-103 @reading:link_loss_means
    Scenario: The only link is rejected, and the one that replaces it is approved
      When the faults "reject-endpoint" strike US_EAST_2 for at most 2 hours
      Then Atlas raises the alert that the key cannot be reached within the agreed alert time
      And cluster "payments" stays running for 20 minutes
      When everything that was broken is undone
      Then everything that was broken is as it was

  Rule: A way that nobody takes is missed by nobody

    @req:EAR-072 @negative-control
    Scenario: The vault's public side is closed
      When the faults "close-public-side" strike US_EAST_2 for at most 2 hours
      Then cluster "payments" stays running for 1 hours
      And Atlas raises no alert that the key cannot be reached for 1 hours
      When everything that was broken is undone
      Then everything that was broken is as it was
