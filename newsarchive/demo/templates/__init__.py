"""Page templates, each modelled on one way the web builds article pages; `demo.press` names them all."""
