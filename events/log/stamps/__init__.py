"""Time stamps (RFC 3161): requests out, tokens in and checked. Trusts no clock of ours."""
