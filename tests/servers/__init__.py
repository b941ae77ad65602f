"""Stories with real mail servers on loopback: Postfix and Dovecot from Debian."""
