"""The rules of the house: functions from sources to complaints, themselves tested."""
