"""The smart tool's server side: which networks it has, what they saw beforehand, and the answers to clicks."""
