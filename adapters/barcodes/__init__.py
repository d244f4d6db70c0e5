"""What a scanner reads off a package: GS1 element strings, HIBC, plain trade item numbers."""
