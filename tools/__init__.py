"""The launcher behind `./run`. Standard library only, so that it starts on a bare machine."""
