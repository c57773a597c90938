"""A package that holds a framework and nothing else. Discovery reads the folder beside this file and leaves this file alone."""

raise RuntimeError("discovery must not import plug-ins")
