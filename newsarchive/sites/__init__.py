"""Site profiles: what an operator says about a site, as TOML files that are checked whole before any request."""
