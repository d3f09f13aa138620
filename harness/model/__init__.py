"""The words of the field as frozen data: resources, operations, histories, claims, findings, requirements.

Pure: standard library only, no clock, no I/O.
"""
