@active
Feature: The reminder to rotate begins anew with each rotation, and its period is the customer's to choose
  Atlas sets the reminder to 90 days. A customer whose vault rotates once a year sets it to more.

  Rule: A rotation closes the reminder and starts its period anew

    @req:EAR-124 @needs:time-travel
    Scenario: A rotation closes the reminder
      Given a project that uses the customer's key
      When 91 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
      When the operator moves the project to the next version of the key
      Then Atlas closes the alert that the key needs rotation within the agreed alert time

    @req:EAR-124 @needs:time-travel
    Scenario: Without a rotation the reminder stays
      Given a project that uses the customer's key
      When 91 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
      When the operator moves the project to a key in another vault
      Then the request is refused because the key is not in the configured vault
      When 30 days pass
      Then Atlas raises the alert that the key needs rotation within 1 minutes

    @req:EAR-124 @needs:time-travel
    Scenario: The period counts from the latest rotation, not from the first
      Given a project that uses the customer's key
      When 60 days pass
      And the operator moves the project to the next version of the key
      And 88 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days
      When 2 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days

    @req:EAR-124 @needs:time-travel
    Scenario: The reminder comes and goes a second time
      Given a project that uses the customer's key
      When 91 days pass
      And the operator moves the project to the next version of the key
      Then Atlas closes the alert that the key needs rotation within the agreed alert time
      When 91 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
      When the operator moves the project to the next version of the key
      Then Atlas closes the alert that the key needs rotation within the agreed alert time
      When 88 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days

    @req:EAR-124 @req:EAR-122 @needs:time-travel
    Scenario: A rotation in the vault alone does not close the reminder
      Given a project that uses the customer's key
      When 91 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
      When the custodian rotates the key in the vault
      And 2 days pass
      Then Atlas raises the alert that the key needs rotation within 1 minutes

  Rule: The period can be chosen

    @req:EAR-123
    Scenario: Atlas sets the reminder to 90 days
      Given a project that uses the customer's key
      When the auditor reads the configuration
      Then the reminder to rotate is set to 90 days

    @req:EAR-125 @needs:time-travel
    Scenario: A reminder set to 400 days does not come within a year
      Given a project that uses the customer's key
      When the operator asks to be reminded to rotate after 400 days
      Then the request is accepted
      And the reminder to rotate is set to 400 days
      When 91 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days
      When 265 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days

    @req:EAR-125 @needs:time-travel
    Scenario: A reminder comes when the chosen period is over, not before
      Given a project that uses the customer's key
      When the operator asks to be reminded to rotate after 200 days
      And 198 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days
      When 2 days pass
      Then Atlas raises the alert that the key needs rotation within 1 hours

    @req:EAR-125 @needs:time-travel
    Scenario: A longer period closes a reminder that came already
      Given a project that uses the customer's key
      When 91 days pass
      Then Atlas raises the alert that the key needs rotation within 1 days
      When the operator asks to be reminded to rotate after 400 days
      Then Atlas closes the alert that the key needs rotation within the agreed alert time

    @req:EAR-125 @req:EAR-124 @needs:time-travel
    Scenario: The chosen period stays in force after a rotation
      Given a project that uses the customer's key
      When the operator asks to be reminded to rotate after 400 days
      And 30 days pass
      And the operator moves the project to the next version of the key
      Then the reminder to rotate is set to 400 days
      When 91 days pass
      Then Atlas raises no alert that the key needs rotation for 1 days
