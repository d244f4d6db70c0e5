"""AS2 (RFC 4130): documents signed and encrypted, each answered by a signed disposition."""
