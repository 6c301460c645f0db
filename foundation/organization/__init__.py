"""The clinic as patients are told of it: its name, phone and address, written by its head or by the settings."""
