"""The demo newspaper: an invented town's press, served on loopback, with everything the web does to a crawler.

Same edition, same bytes: nothing here reads a clock, the network or chance. Start with `server.DemoServer`.
"""
