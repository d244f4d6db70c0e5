"""How documents travel: one parcel out, whole letters in, whatever the wire is."""
