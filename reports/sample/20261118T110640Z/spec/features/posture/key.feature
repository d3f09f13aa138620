@passive @needs:standing @posture
Feature: The key in use is strong, not too old, ends some day, and Atlas keeps up with it
  Azure's own rotation makes a new version of a key; Atlas stays with the version that it was given.

  Background:
    Given a project as it stands

  @req:AKV-006
  Scenario: The key ends, but not soon
    Then the key in use has an end that is not near

  @req:AKV-007
  Scenario: Rotation is taken care of
    Then the rotation of the key is taken care of

  @req:AKV-008
  Scenario: Atlas has the newest version
    Then Atlas uses the newest version of the key

  @req:AKV-009
  Scenario: The key is not too old
    Then the key in use is no older than the agreed rotation time

  @req:AKV-010
  Scenario: The key is strong
    Then the key in use is strong enough

  @req:AKV-022 @reading:static_credentials
  Scenario: The client secret lasts
    Then the secret that Atlas signs in with lasts longer than the agreed renewal time
