"""Forms that make something carry a key: sent a second time, they lead to what the first time has made."""
