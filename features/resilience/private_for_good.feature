@destructive
Feature: Game day: is the private way really taken?
  A project that used to reach its vault over the internet moves to private networking. Closing the vault's public side
  shows whether its clusters moved with it.

  Rule: Whoever has moved does not notice that the old way is closed

    @req:EAR-069 @req:EAR-070 @req:EAR-072
    Scenario: The public side is closed after the move, for a day
      Given a project that uses the customer's key
      And a cluster "payments" in US_EAST_2 encrypted with the customer's key
      When the operator requires private networking
      And the operator asks for a private endpoint in US_EAST_2
      Then the private endpoint in US_EAST_2 is waiting for approval within the agreed creation time
      When the custodian approves the connection in US_EAST_2
      Then the private endpoint in US_EAST_2 is active within 3 minutes
      When 30 minutes pass
      And the breaker brings about "close-public-side" for at most 2 days
      Then Atlas raises no alert that the key cannot be reached for 1 hours
      And cluster "payments" stays running for 1 days
      And the project is healthy
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy
      And everything that was broken is as it was

    @req:EAR-070 @req:EAR-071
    Scenario: A cluster that is created while the public side is closed starts on the private way
      Given a project that uses the customer's key over private networking
      And a private endpoint in US_EAST_2 that is active
      And a cluster "ledger" in US_EAST_2 encrypted with the customer's key
      And the project is healthy
      When the breaker brings about "close-public-side" for at most 1 days
      And the operator creates a M30 cluster "payments" in US_EAST_2 with the customer's key
      Then the request is accepted
      And cluster "payments" is running within the agreed cluster time
      And Atlas raises no alert that the key cannot be reached for 1 hours
      And every fault is still in force
      When everything that was broken is undone
      Then the project is healthy
      And everything that was broken is as it was
