"""The launcher's commands, one module each with `configure(parser)` and `run(options)`."""
